import { type DeclaredCors, parsePath } from '@imnot/schema'
import { preflightBehaviour } from '../features/cors.ts'
import type { CompiledRoute } from './compile.ts'
import { needsOf } from './needs.ts'

/** A route with what its endpoint says of scripts of other origins; null where it says nothing. */
export interface CorsRoute {
  readonly route: CompiledRoute
  readonly cors: DeclaredCors | null
}

/** The routes that answer preflights: one for each path whose endpoints let scripts in, unless it declares OPTIONS itself. */
export function preflightRoutes(all: readonly CorsRoute[]): CompiledRoute[] {
  const shapes = new Map<string, CorsRoute[]>()
  for (const one of all) {
    const shape = shapeOf(one.route.path)
    shapes.set(shape, [...(shapes.get(shape) ?? []), one])
  }
  return [...shapes.values()].flatMap((routes) => {
    const open = routes.filter(({ cors }) => cors !== null)
    const [first] = open
    if (first === undefined || first.cors === null) return []
    if (routes.some(({ route }) => route.methods.includes('OPTIONS'))) return []
    const methods = [...new Set(open.flatMap(({ route }) => route.methods))]
    const { tokenOf: _tokenOf, ...route } = first.route
    const behaviour = preflightBehaviour(first.cors, methods)
    return [
      {
        ...route,
        methods: ['OPTIONS'],
        step: null,
        when: null,
        behaviour,
        features: [],
        needs: needsOf(behaviour, []),
        responders: [],
        payloadParams: [],
        bodyLimit: null,
        readsBody: false,
        isStateless: true,
      },
    ]
  })
}

function shapeOf(path: string): string {
  const parsed = parsePath(path)
  return parsed.ok ? parsed.shape : path
}
