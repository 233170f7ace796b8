export interface AcmeOptions {
  /** Where ACME is; an environment variable in production. */
  readonly baseUrl: string
  /** @default the global one */
  readonly fetch?: typeof fetch
}

/** Submits a job to ACME, waits until it is completed, and returns its result as text: ACME's amounts are no numbers of ours. */
export async function syncData({ baseUrl, fetch = globalThis.fetch }: AcmeOptions): Promise<string> {
  const submitted = await fetch(`${baseUrl}/external/jobs`, { method: 'POST' })
  if (submitted.status !== 202) throw new Error(`ACME took no job: ${submitted.status}`)
  const job = new URL(submitted.headers.get('location') ?? '', submitted.url || baseUrl)
  const status = await fetch(job, { method: 'HEAD' })
  if (status.headers.get('status') !== 'COMPLETED') throw new Error('ACME has not completed the job')
  const result = await fetch(job)
  if (!result.ok) throw new Error(`ACME has no result: ${await result.text()}`)
  return result.text()
}
