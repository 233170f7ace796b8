import type { PatternSchema } from '@imnot/schema'
import type { Catalogue } from '../definitions/catalogue.ts'
import type { DeliveryStore } from '../deliveries/delivery-store.ts'
import type { EngineLimits } from '../engine.ts'
import type { FlowStore } from '../flows/flow-store.ts'
import type { SteerFlow } from '../flows/steer-flow.ts'
import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'
import type { Journal } from '../journal/journal.ts'
import type { PayloadStore } from '../payloads/payload-store.ts'
import type { Clock } from '../ports/clock.ts'
import type { PostmanExport } from '../ports/postman-export.ts'
import type { Storage } from '../ports/storage.ts'
import type { AdminMatch } from '../routing/match.ts'
import { createRouter, type Router } from '../routing/router.ts'
import { decodedPath, queryOf, readTarget } from '../routing/target.ts'
import type { MakeSessionServices } from '../sessions/archive/make-session.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { Clocks } from '../time/clocks.ts'
import type { AdminRoute } from './admin-route.ts'
import { adminRoutes } from './admin-routes.ts'
import { createGuard } from './guard.ts'

export interface AdminServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly catalogue: Catalogue
  readonly patterns: readonly PatternSchema[]
  readonly sessions: SessionStore
  readonly payloads: PayloadStore
  readonly flows: FlowStore
  readonly steer: SteerFlow
  readonly deliveries: DeliveryStore
  readonly clocks: Clocks
  /** For sessions that are made of others. */
  readonly making: MakeSessionServices
  /** Null where it is off. */
  readonly journal: Journal | null
  readonly limits: EngineLimits
  /** Undefined where the host has none: then there is no route either. */
  readonly postman: PostmanExport | undefined
}

export interface AdminOptions extends AdminServices {
  readonly adminKeys: readonly string[]
  /** Whether it is there at all. */
  readonly isOpen: boolean
}

/** Everything under `/imnot`, and the health addresses. */
export interface Admin {
  readonly router: Router<AdminRoute>
  handle(request: EngineRequest, match: AdminMatch): EngineResponse | Promise<EngineResponse>
  /** For code that holds the engine: no guard. */
  handleTrusted(request: EngineRequest): EngineResponse | Promise<EngineResponse>
}

export function createAdmin(options: AdminOptions): Admin {
  const { isOpen } = options
  const routes = adminRoutes(options)
  const router = createRouter<AdminRoute>()
  for (const route of routes) {
    if (isOpen || route.access === 'public') router.add(route.method, route.path, route)
  }
  const trustedRouter = createRouter<AdminRoute>()
  for (const route of routes) trustedRouter.add(route.method, route.path, route)
  const guard = createGuard(options)

  async function handleGuarded(request: EngineRequest, match: AdminMatch): Promise<EngineResponse> {
    const caller = await guard(request)
    if ('status' in caller) return caller
    if (match.route === null) return refuseUnknown(routes, request.method, match.pathAndQuery)
    if (caller.session !== null && match.route.access === 'admin') return refuseToken()
    return call(match.route, request, match, caller.session)
  }

  return {
    router,
    handle(request, match) {
      if (match.route?.access === 'public') return call(match.route, request, match, null)
      return isOpen ? handleGuarded(request, match) : refuse(404, 'There is no admin API at this address.')
    },
    handleTrusted(request) {
      const pathAndQuery = readTarget(request.url)?.pathAndQuery ?? '/'
      const found = trustedRouter.find(request.method, pathAndQuery)
      if (found === null) return refuseUnknown(routes, request.method, pathAndQuery)
      return call(found.target, request, { pathAndQuery, params: found.params }, null)
    },
  }
}

function call(
  route: AdminRoute,
  request: EngineRequest,
  { params, pathAndQuery }: Pick<AdminMatch, 'params' | 'pathAndQuery'>,
  tokenSession: string | null,
): EngineResponse | Promise<EngineResponse> {
  const query = new URLSearchParams(queryOf(pathAndQuery))
  const known = Object.keys(route.query ?? {})
  for (const name of query.keys()) {
    if (!known.includes(name) && route.otherQuery === undefined) {
      const choice = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`
      return refuse(400, `${route.method} ${route.path} has no query parameter "${name}"; ${choice}.`)
    }
  }
  return route.handle({ request, params, query, tokenSession })
}

function refuseToken(): EngineResponse {
  return refuse(403, 'A session token admits to the routes of its own session alone; this one needs the admin key.')
}

function refuseUnknown(routes: readonly AdminRoute[], method: string, pathAndQuery: string): EngineResponse {
  const path = decodedPath(pathAndQuery)
  const methods = routes.filter((route) => samePath(route.path, path)).map((route) => route.method)
  if (methods.length > 0)
    return refuse(405, `${path} takes ${methods.join(' and ')}, not ${method}.`, {}, ['allow', methods.join(', ')])
  return refuse(404, `The admin API has nothing at ${path}; GET /imnot/admin/openapi.json lists what it has.`)
}

function samePath(pattern: string, path: string): boolean {
  const offered = pattern.split('/')
  const asked = path.replace(/\/$/, '').split('/')
  return (
    offered.length === asked.length && offered.every((part, index) => part.startsWith('{') || part === asked[index])
  )
}
