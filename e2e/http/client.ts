import { Agent, request as httpRequest } from 'node:http'

export interface Sent {
  readonly method: string
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: Uint8Array | string
}

export interface Received {
  readonly status: number
  /** Names in lower case and values, in the order in which they came. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer
  /** The server asked for the body of a request that expected to be asked. */
  readonly continued?: boolean
}

/** One connection to a port of this machine, kept alive, that sends a path as it is written. */
export function connectionTo(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    send: ({ method, path, headers = {}, body }: Sent): Promise<Received> =>
      new Promise((resolve, reject) => {
        const isSized = body !== undefined && headers['transfer-encoding'] === undefined
        const length = isSized ? { 'content-length': String(Buffer.byteLength(body)) } : {}
        const options = { agent, host: '127.0.0.1', port, method, path, headers: { ...length, ...headers } }
        let continued = false
        const request = httpRequest(options, async (response) => {
          const chunks: Buffer[] = []
          for await (const chunk of response) chunks.push(chunk)
          const status = response.statusCode ?? 0
          resolve({ status, headers: pairs(response.rawHeaders), body: Buffer.concat(chunks), continued })
        })
        request.on('error', reject)
        if (headers.expect === undefined) {
          request.end(body)
        } else {
          request.flushHeaders()
          request.on('continue', () => {
            continued = true
            request.end(body)
          })
        }
      }),
    close: () => agent.destroy(),
  }
}

export function headerOf({ headers }: Received, name: string): string | null {
  return headers.find(([found]) => found === name)?.[1] ?? null
}

function pairs(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), flat[index + 1] ?? '']] : []))
}
