/** Has ACME prepare a reservation and returns its JSON as text. ACME works in jobs: submit, ask whether it is done, fetch. */
export async function fetchReservation(acmeUrl: string): Promise<string> {
  const submitted = await fetch(`${acmeUrl}/external/jobs`, { method: 'POST' })
  const location = submitted.headers.get('location')
  if (location === null) throw new Error(`ACME took no job: ${submitted.status}`)
  const job = new URL(location, submitted.url)
  const state = await fetch(job, { method: 'HEAD' })
  if (state.headers.get('status') !== 'COMPLETED') throw new Error('ACME has not completed the job')
  const fetched = await fetch(job)
  if (!fetched.ok) throw new Error(`ACME has no reservation: ${await fetched.text()}`)
  return fetched.text()
}
