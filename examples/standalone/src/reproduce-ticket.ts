import { createClient } from '@imnot/client'

/** Lets a consumer meet the payload of the ticket, in a session of its own, and returns what it got. */
export async function reproduceTicket(url: string, ticket: Uint8Array): Promise<string> {
  const imnot = createClient({ url, key: process.env.IMNOT_ADMIN_KEY })
  await using session = await imnot.sessions.create({ label: 'INT-4211' })
  await session.payloads.set('bookingco', 'charges', ticket)

  // Here comes your own code, which talks to the session as if it were the partner.
  const response = await fetch(`${session.baseUrl}/bookingco/v1/charges`)
  return response.text()
}
