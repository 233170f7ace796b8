/** Asks LODGE for the booking, with a token of its own. */
export async function fetchBooking(lodgeUrl: string): Promise<unknown> {
  const granted = await fetch(`${lodgeUrl}/oauth/token`, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', client_id: 'us', client_secret: 'secret' }),
  })
  const { access_token: token } = (await granted.json()) as { access_token: string }
  const booking = await fetch(`${lodgeUrl}/v1/booking`, { headers: { authorization: `Bearer ${token}` } })
  if (!booking.ok) throw new Error(`LODGE has no booking: ${await booking.text()}`)
  return booking.json()
}
