import { createHash, timingSafeEqual } from 'node:crypto'
import { essence } from '../http/media-type.ts'
import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'
import { hashToken, type SessionStore, sessionOfToken } from '../sessions/session-store.ts'
import { isLoopbackAddress, isLoopbackHost } from './loopback.ts'

/** Who is calling: the admin, or the holder of one session's token. */
export type Caller = { readonly session: string | null }

export interface GuardOptions {
  readonly adminKeys: readonly string[]
  readonly sessions: SessionStore
}

export type Guard = (request: EngineRequest) => Promise<Caller | EngineResponse>

/** Decides who may use the admin API. It stands behind the router, where every spelling of a path has become one. */
export function createGuard({ adminKeys, sessions }: GuardOptions): Guard {
  const digests = adminKeys.map(digest)
  const check = adminKeys.length === 0 ? checkLocal : (request: EngineRequest) => checkKey(request, digests, sessions)
  return async (request) => refuseForeignPage(request) ?? (await check(request))
}

const admin: Caller = { session: null }

/** A web page of another origin must not steer the mock through its visitor's browser, whatever the visitor may do. */
function refuseForeignPage({ method, headers }: EngineRequest): EngineResponse | null {
  const origin = headers.get('origin')
  const host = headers.get('host')
  if (headers.get('sec-fetch-site') === 'cross-site' || (origin !== null && !isSameOrigin(origin, host))) {
    return refuse(
      403,
      'The admin API answers no page of another origin; call it from a program, or from a page on its own address.',
    )
  }
  const isFromBrowser = origin !== null || headers.get('sec-fetch-site') !== null
  const type = headers.get('content-type')
  if (isFromBrowser && method !== 'GET' && method !== 'HEAD' && type !== null && simpleTypes.has(essence(type))) {
    return refuse(
      415,
      `The admin API takes no ${essence(type)} from a browser; send application/json or another media type that is no form's.`,
    )
  }
  return null
}

/** What a form on any page can send without being asked (Fetch standard, "CORS-safelisted request-header"). */
const simpleTypes = new Set(['application/x-www-form-urlencoded', 'multipart/form-data', 'text/plain'])

function isSameOrigin(origin: string, host: string | null): boolean {
  return URL.canParse(origin) && host !== null && new URL(origin).host === host.toLowerCase()
}

/** Without a key the admin API serves this machine's own user alone. */
async function checkLocal({ headers, remoteAddress }: EngineRequest): Promise<Caller | EngineResponse> {
  const proxied = proxyHeaders.find((name) => headers.get(name) !== null)
  if (proxied !== undefined) {
    return refuse(
      403,
      `The request came through a proxy (${proxied}), and there is no admin key; set IMNOT_ADMIN_KEY and send it as Bearer token.`,
    )
  }
  if (remoteAddress === undefined || !isLoopbackAddress(remoteAddress)) {
    return refuse(
      403,
      'Without an admin key the admin API serves this machine alone; set IMNOT_ADMIN_KEY and send it as Bearer token.',
    )
  }
  const host = headers.get('host')
  if (host !== null && !isLoopbackHost(host)) {
    return refuse(
      421,
      'Without an admin key the admin API answers to localhost, 127.0.0.1 and [::1] alone; use one of them, or set IMNOT_ADMIN_KEY.',
    )
  }
  return admin
}

const proxyHeaders = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-forwarded-port',
  'x-real-ip',
]

async function checkKey(
  { headers }: EngineRequest,
  digests: readonly Buffer[],
  sessions: SessionStore,
): Promise<Caller | EngineResponse> {
  const shown = /^Bearer +(.+)$/i.exec(headers.get('authorization') ?? '')?.[1]?.trim() ?? ''
  const given = digest(shown)
  // Every key is compared, so that the time does not tell which one came near.
  const matches = digests.filter((expected) => timingSafeEqual(expected, given))
  if (matches.length > 0) return admin
  const session = sessionOfToken(shown)
  if (session !== null) {
    const state = await sessions.find(session)
    if (state !== null && timingSafeEqual(digest(state.value.tokenHash), digest(hashToken(shown)))) {
      return { session: state.value.id }
    }
  }
  return refuse(401, 'The admin API needs its key; send it as Authorization: Bearer KEY.', {}, [
    'www-authenticate',
    'Bearer realm="imnot"',
  ])
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
