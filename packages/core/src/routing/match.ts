import type { AdminRoute } from '../admin/admin-route.ts'
import type { EngineHeaders } from '../http/messages.ts'
import type { CompiledRoute, RouteSet } from './compile.ts'
import { couldAnswer, isConditional, isDecided } from './route-conditions.ts'
import type { Found, Router } from './router.ts'
import { decodedPath, readTarget } from './target.ts'

/** What a request is for. The engine makes it and takes it back in `handle`; to others it is opaque. */
export type Match = MockMatch | AdminMatch | BadTargetMatch

export interface MockMatch {
  readonly kind: 'mock'
  /** The route that answers, or the first of several that may. */
  readonly route: CompiledRoute
  readonly params: Readonly<Record<string, string>>
  /** The further routes that may answer, where only the body or what is stored tells; null where `route` answers for certain. */
  readonly others: readonly Found<CompiledRoute>[] | null
  readonly pathAndQuery: string
  /** The session that the base URL names; null where it names none. */
  readonly session: string | null
  readonly prefix: string
  readonly passive: boolean
}

/** A path under `/imnot`, or one of the health addresses. `route` is null where there is nothing at that path. */
export interface AdminMatch {
  readonly kind: 'admin'
  /** `/healthz`, `/readyz` or `/metrics`: a service that mounts imnot has its own. */
  readonly isHealth: boolean
  readonly route: AdminRoute | null
  readonly params: Readonly<Record<string, string>>
  readonly pathAndQuery: string
}

/** A path with the session prefix that leads to no mocked endpoint: it is imnot's to refuse. */
export interface BadTargetMatch {
  readonly kind: 'miss'
}

export interface MatchTables {
  readonly mocks: RouteSet
  readonly admin: Router<AdminRoute>
}

/** Null where the request is none of imnot's. Reads nothing and touches no storage. */
export function findMatch(tables: MatchTables, method: string, url: string, headers?: EngineHeaders): Match | null {
  const target = readTarget(url)
  if (target === null) return null
  const { pathAndQuery, session, prefix } = target
  const own = ownKind(pathAndQuery)
  if (session === null && own !== null) return matchAdmin(tables.admin, method, pathAndQuery, own === 'health')
  const reserved = session !== null && own !== null
  const found = reserved ? null : findMock(tables.mocks, { method, pathAndQuery, headers })
  if (found !== null) return { kind: 'mock', pathAndQuery, session, prefix, ...found }
  return session === null ? null : { kind: 'miss' }
}

const healthPaths = ['/healthz', '/readyz', '/metrics']

/**
 * Whether the path is imnot's own, and which. Decided on the decoded path and without regard to case, so that no spelling of a
 * reserved name reaches a mock with a parameter in its place.
 */
function ownKind(pathAndQuery: string): 'api' | 'health' | null {
  const second = pathAndQuery.charCodeAt(1)
  // i, I, h, H, r, R, m, M or a percent sign; every other path is not ours at the first glance.
  if (!ownInitials.has(second)) return null
  const path = decodedPath(pathAndQuery).toLowerCase()
  if (path === '/imnot' || path.startsWith('/imnot/')) return 'api'
  return healthPaths.includes(path.replace(/\/$/, '')) ? 'health' : null
}

const ownInitials = new Set([...'iIhHrRmM%'].map((character) => character.charCodeAt(0)))

function matchAdmin(admin: Router<AdminRoute>, method: string, pathAndQuery: string, isHealth: boolean): AdminMatch {
  const found = admin.find(method, pathAndQuery) ?? (method === 'HEAD' ? admin.find('GET', pathAndQuery) : null)
  return { kind: 'admin', isHealth, route: found?.target ?? null, params: found?.params ?? {}, pathAndQuery }
}

interface Request {
  readonly method: string
  readonly pathAndQuery: string
  readonly headers: EngineHeaders | undefined
}

function findMock(mocks: RouteSet, request: Request) {
  const found = firstOf(mocks, request, request.method)
  if (found !== null) return { ...found, passive: false }
  const get = request.method === 'HEAD' ? firstOf(mocks, request, 'GET') : null
  return get === null ? null : { ...get, passive: true }
}

function firstOf({ router }: RouteSet, request: Request, method: string) {
  const all = router.findAll(method, request.pathAndQuery)
  const [first] = all
  // Most routes stand alone and answer every request.
  if (all.length === 1 && first !== undefined && !isConditional(first.target)) return certain(first)
  const possible = all.filter((found) => couldAnswer(found, request))
  const [route] = possible
  if (route === undefined) return null
  if (isDecided(route.target)) return certain(route)
  return { route: route.target, params: route.params, others: possible.slice(1) }
}

function certain({ target, params }: Found<CompiledRoute>) {
  return { route: target, params, others: null }
}
