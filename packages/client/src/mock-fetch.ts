import type { Connection } from './connection.ts'

/** The global `fetch`, but what it sends goes to the mock. A path alone will do for a URL. */
export type Fetch = (input: string | URL | Request, init?: RequestInit) => Promise<Response>

/**
 * Sends everything to the mock with these headers added. The origin of a URL is replaced, so that a consumer may go on naming
 * the partner's own.
 */
export function createFetch(connection: Connection, headers: Readonly<Record<string, string>>): Fetch {
  return async (input, init = {}) => {
    const isRequest = typeof input === 'object' && 'method' in input
    const sent = isRequest ? await readRequest(new Request(input, init)) : init
    const all = new Headers(sent.headers)
    for (const [name, value] of Object.entries(headers)) all.set(name, value)
    return connection.fetch(mockUrl(connection.baseUrl(), isRequest ? input.url : String(input)), {
      ...sent,
      headers: all,
    })
  }
}

/** Read as a whole, so that its length is known before it is sent. */
async function readRequest(request: Request): Promise<RequestInit> {
  const { method, headers, redirect, signal } = request
  const body = request.body === null ? null : await request.arrayBuffer()
  return { method, headers, redirect, signal, body }
}

function mockUrl(base: string, url: string): string {
  if (url === base || url.startsWith(`${base}/`) || url.startsWith(`${base}?`)) return url
  const { pathname, search } = new URL(url, 'http://mock')
  return `${base}${pathname}${search}`
}
