import type { ParsedDefinition } from '@imnot/schema'
import { corsOf } from '../features/cors.ts'
import type { FeatureCompiler } from '../features/feature.ts'
import { builtinFeatures } from '../features/registry.ts'
import { fileReader } from '../files/read-file.ts'
import { isLibraryNeeded } from '../libraries.ts'
import type { CompileContext, PatternBehaviour, PatternServices } from '../patterns/pattern.ts'
import { findBehaviour } from '../patterns/registry.ts'
import { compileResources } from '../records/compile-resources.ts'
import { compileMachines, type Machines } from '../states/compile-machines.ts'
import type { Machine } from '../states/machine.ts'
import { type CompiledEndpoint, compileEndpoint } from './compile-endpoint.ts'
import { preflightRoutes } from './preflight-routes.ts'
import { createRouter, type Router } from './router.ts'

/** One endpoint as it is served; made once, when its definition is loaded. */
export interface CompiledRoute extends CompiledEndpoint {
  readonly partner: string
  readonly datapoint: string
  readonly pattern: string
  readonly methods: readonly string[]
  readonly path: string
  readonly step: number | null
  /** The host names that it answers, in lower case; null for all. */
  readonly hosts: readonly string[] | null
}

/** All routes of all partners. Never changed: a reload makes another one and swaps it in. */
export interface RouteSet {
  readonly definitions: readonly ParsedDefinition[]
  readonly routes: readonly CompiledRoute[]
  /** The states of datapoints, by `partner/datapoint`. */
  readonly machines: Machines
  readonly router: Router<CompiledRoute>
}

/** What loading a definition came to, beside the routes: why it cannot be served. */
export interface CompileFault {
  readonly parsed: ParsedDefinition
  readonly error: unknown
}

/**
 * The definitions must be free of conflicts (`findRouteConflicts`). A definition that cannot be compiled is left out, and
 * told. Throws what `withLibraries` understands.
 */
export function compileRoutes(
  definitions: readonly ParsedDefinition[],
  patterns: readonly PatternBehaviour[],
  services: PatternServices,
): RouteSet & { readonly faults: readonly CompileFault[] } {
  const faults: CompileFault[] = []
  const served: ParsedDefinition[] = []
  const routes: CompiledRoute[] = []
  const machines = new Map<string, Machine>()
  for (const parsed of definitions) {
    try {
      const compiled = compileDefinition(parsed, patterns, services, builtinFeatures)
      routes.push(...compiled.routes)
      for (const [name, machine] of compiled.machines) machines.set(`${parsed.definition.partner}/${name}`, machine)
      served.push(parsed)
    } catch (error) {
      if (isLibraryNeeded(error)) throw error
      faults.push({ parsed, error })
    }
  }
  return { definitions: served, routes, machines, router: routerOf(routes), faults }
}

function routerOf(routes: readonly CompiledRoute[]): Router<CompiledRoute> {
  const router = createRouter<CompiledRoute>()
  // A partner with hosts comes before one that answers every host.
  const ordered = [...routes.filter(({ hosts }) => hosts !== null), ...routes.filter(({ hosts }) => hosts === null)]
  for (const route of ordered) {
    for (const method of route.methods) router.add(method, route.path, route)
  }
  return router
}

function compileDefinition(
  parsed: ParsedDefinition,
  patterns: readonly PatternBehaviour[],
  services: PatternServices,
  features: readonly FeatureCompiler[],
): { readonly routes: readonly CompiledRoute[]; readonly machines: Machines } {
  const { partner, datapoints } = parsed.definition
  const readFile = fileReader(parsed)
  const resources = compileResources(parsed.definition, readFile)
  const options = { readFile }
  const machines = compileMachines(parsed.definition, { resources, options, services })
  const routes = datapoints.flatMap((datapoint) => {
    const behaviour = findBehaviour(datapoint.pattern, patterns)
    return datapoint.endpoints.map((endpoint: CompileContext['endpoint'], position) => ({
      cors: corsOf(endpoint),
      route: compileRoute(
        {
          ...{ partner, datapoint, definition: parsed.definition, endpoint, resources, position, options, services },
          machine: machines.get(datapoint.name) ?? null,
        },
        behaviour,
        features,
      ),
    }))
  })
  return { machines, routes: [...routes.map(({ route }) => route), ...preflightRoutes(routes)] }
}

function compileRoute(
  context: CompileContext,
  pattern: PatternBehaviour,
  features: readonly FeatureCompiler[],
): CompiledRoute {
  const { partner, datapoint, endpoint } = context
  return {
    partner,
    datapoint: datapoint.name,
    pattern: datapoint.pattern,
    methods: endpoint.method,
    path: endpoint.path,
    step: 'step' in endpoint ? (endpoint.step ?? null) : null,
    hosts: endpoint.inherited?.hosts ?? null,
    ...compileEndpoint(context, pattern, features),
  }
}
