import { isFormType, isJsonType } from '../http/media-type.ts'
import type { EngineRequest } from '../http/messages.ts'
import { queryOf } from '../routing/target.ts'

/** One request to a mocked endpoint, with what matching found out and what is read on demand. */
export interface Exchange {
  readonly request: EngineRequest
  readonly params: Readonly<Record<string, string>>
  /** What stands before every path that imnot generates for this client. */
  readonly prefix: string
  /** The request's body; empty unless the endpoint reads it. */
  readonly bytes: Uint8Array
  /** A HEAD that no endpoint declares: answered as the GET would be, and nothing changes. */
  readonly passive: boolean
  query(name: string): string | null
  header(name: string): string | null
  /** The value at a dotted path of a JSON body, or the field of a form; null where there is none. */
  bodyValue(path: string): unknown
}

export interface ExchangeInput {
  readonly request: EngineRequest
  readonly params: Readonly<Record<string, string>>
  readonly pathAndQuery: string
  readonly prefix: string
  readonly bytes: Uint8Array
  readonly passive: boolean
}

export function createExchange(input: ExchangeInput): Exchange {
  const { request, params, prefix, bytes, passive } = input
  let query: URLSearchParams | undefined
  let body: { readonly value: unknown } | undefined
  return {
    request,
    params,
    prefix,
    bytes,
    passive,
    query(name) {
      query ??= new URLSearchParams(queryOf(input.pathAndQuery))
      return query.get(name)
    },
    header: (name) => request.headers.get(name.toLowerCase()),
    bodyValue(path) {
      body ??= { value: parseBody(bytes, request.headers.get('content-type')) }
      return valueAt(body.value, path)
    },
  }
}

/** Reads JSON and forms; whatever else comes, and what is not well formed, has no values. */
function parseBody(bytes: Uint8Array, contentType: string | null): unknown {
  const text = new TextDecoder().decode(bytes)
  if (isFormType(contentType) && !/^\s*[{[]/.test(text)) return Object.fromEntries(new URLSearchParams(text))
  if (contentType !== null && !isJsonType(contentType) && !isFormType(contentType)) return null
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Only own members count, so that `constructor` in a path finds what was sent and nothing else. */
function valueAt(value: unknown, path: string): unknown {
  let current = value
  for (const name of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return null
    current = (current as Readonly<Record<string, unknown>>)[name]
  }
  return current ?? null
}
