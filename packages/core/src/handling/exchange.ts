import type { EngineRequest } from '../http/messages.ts'
import { readMember, readPath } from '../rendering/read-member.ts'
import { createRequestView, type RequestView } from '../request/request-view.ts'
import { type Credential, noCredential } from './credential.ts'
import { type NamedSession, sessionOf } from './session-rules.ts'

/** One request to a mocked endpoint, with what matching found out and what is read on demand. */
export interface Exchange {
  readonly request: EngineRequest
  readonly params: Readonly<Record<string, string>>
  /** What stands before every path that imnot generates for this client: the host's mount path, then the session's prefix. */
  readonly prefix: string
  /** Scheme, host and prefix, without a slash at the end: what stands before every URL that imnot generates for this client. */
  readonly baseUrl: string
  /** The request's body; empty unless the endpoint reads it. */
  readonly bytes: Uint8Array
  /** A HEAD that no endpoint declares: answered as the GET would be, and nothing changes. */
  readonly passive: boolean
  /** What the request proves about where it belongs; none until `prove` was called, once and before anything stored is read. */
  readonly credential: Credential
  /** The session that it names or proves; null where it does neither. */
  readonly session: NamedSession | null
  /** As templates and conditions see it. */
  readonly view: RequestView
  /** What was counted for this request, by the name of the counter: an attempt that is made again counts nothing again. */
  readonly counted: Map<string, number>
  /** As `counted`, for the `times` of `responses` by their position. */
  readonly uses: Map<number, number>
  prove(credential: Credential): void
  query(name: string): string | null
  header(name: string): string | null
  /** The value at a dotted path of the body; null where there is none. */
  bodyValue(path: string): unknown
}

export interface ExchangeInput {
  readonly request: EngineRequest
  readonly params: Readonly<Record<string, string>>
  readonly pathAndQuery: string
  readonly prefix: string
  readonly bytes: Uint8Array
  readonly passive: boolean
  /** The session of the base URL's prefix; null where it has none. */
  readonly session: string | null
  /** Where consumers reach imnot; null: as this request says. */
  readonly baseUrl: string | null
}

export function createExchange(input: ExchangeInput): Exchange {
  const { request, params, pathAndQuery, prefix, bytes, passive } = input
  let credential = noCredential
  let base: string | undefined
  const exchange: Exchange = {
    request,
    params,
    prefix,
    bytes,
    passive,
    get credential() {
      return credential
    },
    get session() {
      return sessionOf({ prefix: input.session, request, credential })
    },
    prove(proven) {
      credential = proven
    },
    counted: new Map(),
    uses: new Map(),
    view: createRequestView({
      method: request.method,
      pathAndQuery,
      params,
      headers: request.headers,
      bytes,
      baseUrl: () => exchange.baseUrl,
    }),
    get baseUrl() {
      base ??= (input.baseUrl ?? request.base ?? baseOf(request)) + prefix
      return base
    },
    query(name) {
      const value = exchange.view.query[name]
      return value === undefined ? null : ([value].flat()[0] ?? '')
    },
    header: (name) => exchange.view.headers.get(name.toLowerCase()),
    bodyValue(path) {
      return readMember(exchange.view.body, path) ?? readPath(exchange.view.body, path.split('.')) ?? null
    },
  }
  return exchange
}

/** By the URL where it is absolute, else by the host that the client named. */
function baseOf({ url, headers }: EngineRequest): string {
  const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(url)
  return origin?.[0] ?? `http://${headers.get('host') ?? 'localhost'}`
}
