/** What a consumer of the seed does, with every answer as it came. */
export interface Consumer {
  /** Resolves to the path of the job. */
  submit(): Promise<string>
  poll(job: string): Promise<Response>
  fetch(job: string): Promise<Response>
  upload(body: Uint8Array<ArrayBuffer> | string, contentType: string): Promise<Response>
}

export function consumer(url: string, headers: Readonly<Record<string, string>> = {}): Consumer {
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(`${url}${path}`, { ...init, headers: { ...headers, ...(init.headers as Record<string, string>) } })
  return {
    async submit() {
      const response = await ask('/external/jobs', { method: 'POST' })
      if (response.status !== 202) throw new Error(`A submit was answered ${response.status}: ${await response.text()}`)
      return response.headers.get('location') ?? ''
    },
    poll: (job) => ask(job, { method: 'HEAD' }),
    fetch: (job) => ask(job),
    upload: (body, contentType) =>
      ask('/imnot/admin/acme/data-sync/payload', { method: 'POST', body, headers: { 'content-type': contentType } }),
  }
}

export async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer())
}
