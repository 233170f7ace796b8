import type { Diagnostic } from './diagnostic.ts'
import type { ParsedDefinition } from './parse-definition.ts'
import { type RouteEntry, routesOf } from './route-table.ts'

/** Routes that two partners both claim: the later definition is at fault, `related` names the earlier place. */
export function findRouteConflicts(parsed: readonly ParsedDefinition[]): Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const claimed = new Map<string, { route: RouteEntry; owner: ParsedDefinition }>()
  for (const owner of parsed) {
    for (const route of routesOf(owner.definition)) {
      for (const host of owner.definition.hosts ?? ['']) {
        const key = `${host} ${routeKey(route)}`
        const earlier = claimed.get(key)
        // A route with a condition leaves the rest to others, and a partner with hosts those of other hosts.
        if (earlier === undefined) {
          if (!route.conditional) claimed.set(key, { route, owner })
        } else if (earlier.owner !== owner) {
          diagnostics.push(conflict(route, owner, earlier.route, earlier.owner))
          break
        }
      }
    }
  }
  return diagnostics
}

/** Equal for two routes that answer the same requests. */
export function routeKey({ method, shape }: RouteEntry): string {
  return `${method} ${shape}`
}

function conflict(
  route: RouteEntry,
  owner: ParsedDefinition,
  earlier: RouteEntry,
  first: ParsedDefinition,
): Diagnostic {
  const place = placeOf(earlier, first)
  return {
    code: 'duplicate-route',
    ...placeOf(route, owner),
    message: `${route.method} ${route.path} of partner ${route.partner} is already a route of partner ${earlier.partner} (${place.file}:${place.line}:${place.column}); change the path of one.`,
    related: [{ ...place, message: `${earlier.method} ${earlier.path} of ${earlier.partner}/${earlier.datapoint}` }],
  }
}

function placeOf(route: RouteEntry, { definition, file, locate }: ParsedDefinition) {
  const datapoint = definition.datapoints.findIndex(({ name }) => name === route.datapoint)
  return { file, ...locate(['datapoints', datapoint, 'endpoints', route.endpoint, 'path']) }
}
