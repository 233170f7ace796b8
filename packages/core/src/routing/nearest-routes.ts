import type { EngineHeaders } from '../http/messages.ts'
import type { JsonValue } from '../ports/storage.ts'
import type { CompiledRoute, RouteSet } from './compile.ts'
import { isOfHost } from './route-conditions.ts'
import { decodedPath, readTarget } from './target.ts'

const most = 5

interface Missed {
  readonly method: string
  readonly url: string
  readonly headers?: EngineHeaders | undefined
}

interface Asked {
  readonly method: string
  readonly path: string
  readonly headers: EngineHeaders | undefined
}

/** The 404 of a request that matches nothing: the nearest routes, and why each is not the one. */
export function explainMiss(
  mocks: RouteSet,
  { method, url, headers }: Missed,
): { readonly detail: string; readonly nearest: readonly JsonValue[] } {
  const target = readTarget(url)
  if (target === null) {
    return {
      detail: `The URL cannot be read: ${shortened(url)} is not a path; ask for a path that begins with /.`,
      nearest: [],
    }
  }
  const path = decodedPath(target.pathAndQuery)
  const asked = { method, path, headers }
  const nearest = mocks.routes
    .map((route) => ({ route, distance: distance(route, asked) }))
    .sort((a, b) => a.distance - b.distance)
    .slice(0, most)
    .map(({ route }) => ({
      partner: route.partner,
      datapoint: route.datapoint,
      method: route.methods.join(', '),
      path: route.path,
      reason: reason(route, asked),
    }))
  const request = `${method} ${shortened(path)}`
  const [first] = nearest
  if (first === undefined) {
    return {
      detail: `No route matches ${request}: no partner is loaded. Write partners/NAME/partner.yaml, or register one with POST /imnot/admin/partners.`,
      nearest,
    }
  }
  return {
    detail: `No route matches ${request}. The nearest is ${first.method} ${first.path} of ${first.partner}: ${first.reason}.`,
    nearest,
  }
}

function reason(route: CompiledRoute, { method, path, headers }: Asked): string {
  const mismatch = firstMismatch(segmentsOf(route.path), segmentsOf(path))
  if (mismatch !== null) return mismatch
  if (!route.methods.includes(method)) return `the method is ${route.methods.join(' or ')}, not ${method}`
  if (!isOfHost(route, headers)) return `its host is ${route.hosts?.join(' or ')}`
  if (route.when !== null) return 'its "when" does not hold for this request'
  return 'the path differs'
}

function firstMismatch(offered: readonly string[], asked: readonly string[]): string | null {
  for (const [index, segment] of offered.entries()) {
    if (isRest(segment) && asked.length > index) return null
    const got = asked[index]
    if (got === undefined) return `the path goes on with /${segment}`
    if (!isParameter(segment) && segment !== got) return `it has "${segment}" where the request has "${shortened(got)}"`
  }
  const extra = asked[offered.length]
  return extra === undefined ? null : `the path ends before /${shortened(extra)}`
}

/** Segments that differ weigh most, then those that are missing or too many, then the method and the host. */
function distance(route: CompiledRoute, { method, path, headers }: Asked): number {
  const asked = segmentsOf(path)
  const offered = segmentsOf(route.path)
  let sum = (route.methods.includes(method) ? 0 : 1) + (isOfHost(route, headers) ? 0 : 1)
  for (let index = 0; index < Math.max(asked.length, offered.length); index++) {
    const segment = offered[index]
    if (segment !== undefined && isRest(segment)) break
    if (segment === undefined || asked[index] === undefined) sum += 3
    else if (!isParameter(segment) && segment !== asked[index]) sum += 4
  }
  return sum
}

function segmentsOf(path: string): string[] {
  return path.split('/').filter((segment) => segment !== '')
}

function isParameter(segment: string): boolean {
  return segment.includes('{')
}

function isRest(segment: string): boolean {
  return segment.endsWith('*}')
}

function shortened(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`
}
