import type { EngineHeaders } from '../http/messages.ts'
import { createScope } from '../rendering/scope.ts'
import { createRequestView } from '../request/request-view.ts'
import type { CompiledRoute } from './compile.ts'
import type { Found } from './router.ts'

interface RouteRequest {
  readonly method: string
  readonly pathAndQuery: string
  readonly headers: EngineHeaders | undefined
}

/** Whether the route asks for more than its method and path. */
export function isConditional({ when, hosts }: CompiledRoute): boolean {
  return when !== null || hosts !== null
}

/** Whether what is known before the body is read tells all that the route asks. */
export function isDecided({ when }: CompiledRoute): boolean {
  return when === null || when.isOfRoute
}

/** Whether the route answers, as far as host, query and headers tell. */
export function couldAnswer({ target, params }: Found<CompiledRoute>, request: RouteRequest): boolean {
  const { when } = target
  if (!isOfHost(target, request.headers)) return false
  if (when === null || !when.isOfRoute) return true
  const { method, pathAndQuery, headers = noHeaders } = request
  const view = createRequestView({ method, pathAndQuery, params, headers, bytes: noBytes, baseUrl: () => '' })
  return when(createScope({ request: () => view }))
}

/** Whether the route is for the host that the request names. */
export function isOfHost({ hosts }: CompiledRoute, headers: EngineHeaders | undefined): boolean {
  return hosts === null || hosts.includes(hostOf(headers))
}

const noBytes = new Uint8Array(0)
const noHeaders: EngineHeaders = { get: () => null }

/** The host's name without its port, in lower case. */
function hostOf(headers: EngineHeaders | undefined): string {
  const host = headers?.get('host') ?? ''
  return host.replace(/:\d*$/, '').toLowerCase()
}
