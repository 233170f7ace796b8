import type { Engine } from './engine.ts'
import type { EngineResponse } from './http/messages.ts'
import { urlBelow } from './routing/mount-path.ts'

export interface FetchOptions {
  /** Serve what is below this path alone, such as `/mock`; it stands before every path that imnot generates. @default '' */
  readonly prefix?: string
}

/** Answers a Fetch request. The admin API sees no peer here, and so asks for its key. */
export async function toFetch(engine: Engine, request: Request, { prefix = '' }: FetchOptions = {}): Promise<Response> {
  const { method, headers, body } = request
  const url = urlBelow(request.url, prefix)
  const local = { method, url: url ?? request.url, headers, body, mountPath: prefix }
  const match = url === null ? null : engine.match(method, url, headers)
  const response = match === null ? engine.notFound(method, local.url, local) : await engine.handle(local, match)
  return toResponse(response, method)
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
