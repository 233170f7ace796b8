import type { ParsedDefinition } from '@imnot/schema'
import type { EndpointBehaviour, PatternBehaviour, PatternServices } from '../patterns/pattern.ts'
import { findBehaviour } from '../patterns/registry.ts'
import { createRouter, type Router } from './router.ts'

/** One endpoint as it is served; made once, when its definition is loaded. */
export interface CompiledRoute {
  readonly partner: string
  readonly datapoint: string
  readonly pattern: string
  readonly methods: readonly string[]
  readonly path: string
  readonly step: number | null
  readonly behaviour: EndpointBehaviour
}

/** All routes of all partners. Never changed: a reload makes another one and swaps it in. */
export interface RouteSet {
  readonly definitions: readonly ParsedDefinition[]
  readonly routes: readonly CompiledRoute[]
  readonly router: Router<CompiledRoute>
}

/** The definitions must be free of conflicts (`findRouteConflicts`). */
export function compileRoutes(
  definitions: readonly ParsedDefinition[],
  patterns: readonly PatternBehaviour[],
  services: PatternServices,
): RouteSet {
  const routes = definitions.flatMap((parsed) => compileDefinition(parsed, patterns, services))
  const router = createRouter<CompiledRoute>()
  for (const route of routes) {
    for (const method of route.methods) router.add(method, route.path, route)
  }
  return { definitions, routes, router }
}

function compileDefinition(
  parsed: ParsedDefinition,
  patterns: readonly PatternBehaviour[],
  services: PatternServices,
): CompiledRoute[] {
  const { partner, datapoints } = parsed.definition
  return datapoints.flatMap((datapoint) => {
    const behaviour = findBehaviour(datapoint.pattern, patterns)
    return datapoint.endpoints.map((endpoint) => ({
      partner,
      datapoint: datapoint.name,
      pattern: datapoint.pattern,
      methods: endpoint.method,
      path: endpoint.path,
      step: 'step' in endpoint ? (endpoint.step ?? null) : null,
      behaviour: behaviour.compile({ partner, datapoint, endpoint, services }),
    }))
  })
}
