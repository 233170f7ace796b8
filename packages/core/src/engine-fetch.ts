import type { ConnectionFault } from '@imnot/schema'
import type { Engine } from './engine.ts'
import type { EngineResponse } from './http/messages.ts'
import { urlBelow } from './routing/mount-path.ts'

export interface FetchOptions {
  /** Serve what is below this path alone, such as `/mock`; it stands before every path that imnot generates. @default '' */
  readonly prefix?: string
}

/**
 * Answers a Fetch request. The admin API sees no peer here, and so asks for its key. Where an endpoint has a `fault` it fails as
 * Fetch does on such a connection: it rejects, or the body of what it gives does.
 */
export async function toFetch(engine: Engine, request: Request, { prefix = '' }: FetchOptions = {}): Promise<Response> {
  const { method, headers, body } = request
  const url = urlBelow(request.url, prefix)
  const local = { method, url: url ?? request.url, headers, body, mountPath: prefix }
  const match = url === null ? null : engine.match(method, url, headers)
  const response = match === null ? engine.notFound(method, local.url, local) : await engine.handle(local, match)
  return response.fault === undefined ? toResponse(response, method) : failingFetch(response.fault, response, request)
}

async function failingFetch(fault: ConnectionFault, response: EngineResponse, request: Request): Promise<Response> {
  if (fault === 'hang') await aborted(request.signal)
  if (fault === 'connection_reset') throw fetchFailed('ECONNRESET', 'read ECONNRESET')
  const { body } = response
  if (fault === 'empty_response' || isEmpty(body) || request.method === 'HEAD')
    throw fetchFailed('UND_ERR_SOCKET', 'other side closed')
  return toResponse({ ...response, body: brokenOff(body) }, request.method)
}

function isEmpty(body: EngineResponse['body']): body is null {
  return body === null || (body as Partial<Uint8Array>).byteLength === 0
}

/** Never resolves; rejects as Fetch does. */
function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    if (signal.aborted) reject(signal.reason)
    else signal.addEventListener('abort', () => reject(signal.reason), { once: true })
  })
}

function fetchFailed(code: string, message: string): TypeError {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(message), { code }) })
}

/** Half of it, then what Fetch tells of a body that did not come whole. */
async function* brokenOff(body: Uint8Array | AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  if (body instanceof Uint8Array) yield body.subarray(0, Math.floor(body.byteLength / 2))
  else
    for await (const chunk of body) {
      yield chunk
      break
    }
  throw Object.assign(new TypeError('terminated'), { cause: fetchFailed('UND_ERR_SOCKET', 'other side closed').cause })
}

function toResponse({ status, headers, body }: EngineResponse, method: string): Response {
  const fetchHeaders = new Headers()
  for (let index = 0; index < headers.length; index += 2) {
    fetchHeaders.append(headers[index] ?? '', headers[index + 1] ?? '')
  }
  // Fetch refuses a body with these, even an empty one.
  const isBodiless = method === 'HEAD' || status === 204 || status === 205 || status === 304
  return new Response(isBodiless || body === null ? null : toBody(body), { status, headers: fetchHeaders })
}

function toBody(body: Uint8Array | AsyncIterable<Uint8Array>): ConstructorParameters<typeof Response>[0] {
  return body instanceof Uint8Array ? (body as Uint8Array<ArrayBuffer>) : streamFrom(body)
}

// Written as what Node has: the types of a browser, which an XML library brings in, lack `from`.
const streamFrom = (chunks: AsyncIterable<Uint8Array>) =>
  (ReadableStream as unknown as { from(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> }).from(chunks)
