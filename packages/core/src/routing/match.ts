import type { AdminRoute } from '../admin/admin-route.ts'
import type { CompiledRoute, RouteSet } from './compile.ts'
import type { Router } from './router.ts'
import { decodedPath, readTarget } from './target.ts'

/** What a request is for. The engine makes it and takes it back in `handle`; to others it is opaque. */
export type Match = MockMatch | AdminMatch | BadTargetMatch

export interface MockMatch {
  readonly kind: 'mock'
  readonly route: CompiledRoute
  readonly params: Readonly<Record<string, string>>
  readonly pathAndQuery: string
  /** The session that the base URL names; null where it names none. */
  readonly session: string | null
  readonly prefix: string
  readonly passive: boolean
}

/** A path under `/imnot`, or one of the health addresses. `route` is null where there is nothing at that path. */
export interface AdminMatch {
  readonly kind: 'admin'
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
export function findMatch(tables: MatchTables, method: string, url: string): Match | null {
  const target = readTarget(url)
  if (target === null) return null
  const { pathAndQuery, session, prefix } = target
  if (session === null && isOwn(pathAndQuery)) return matchAdmin(tables.admin, method, pathAndQuery)
  const reserved = session !== null && isOwn(pathAndQuery)
  const found = reserved ? null : findMock(tables.mocks, method, pathAndQuery)
  if (found !== null) return { kind: 'mock', pathAndQuery, session, prefix, ...found }
  return session === null ? null : { kind: 'miss' }
}

const healthPaths = ['/healthz', '/readyz', '/metrics']

/**
 * Whether the path is imnot's own. Decided on the decoded path and without regard to case, so that no spelling of a
 * reserved name reaches a mock with a parameter in its place.
 */
function isOwn(pathAndQuery: string): boolean {
  const second = pathAndQuery.charCodeAt(1)
  // i, I, h, H, r, R, m, M or a percent sign; every other path is not ours at the first glance.
  if (!ownInitials.has(second)) return false
  const path = decodedPath(pathAndQuery).toLowerCase()
  return path === '/imnot' || path.startsWith('/imnot/') || healthPaths.includes(path.replace(/\/$/, ''))
}

const ownInitials = new Set([...'iIhHrRmM%'].map((character) => character.charCodeAt(0)))

function matchAdmin(admin: Router<AdminRoute>, method: string, pathAndQuery: string): AdminMatch {
  const found = admin.find(method, pathAndQuery) ?? (method === 'HEAD' ? admin.find('GET', pathAndQuery) : null)
  return { kind: 'admin', route: found?.target ?? null, params: found?.params ?? {}, pathAndQuery }
}

function findMock(mocks: RouteSet, method: string, pathAndQuery: string) {
  const found = mocks.router.find(method, pathAndQuery)
  if (found !== null) return { route: found.target, params: found.params, passive: false }
  if (method !== 'HEAD') return null
  const get = mocks.router.find('GET', pathAndQuery)
  return get === null ? null : { route: get.target, params: get.params, passive: true }
}
