import type { PartnerDefinition } from './definition.ts'
import { parsePath } from './path-syntax.ts'
import type { DatapointShape } from './patterns/pattern.ts'

/** One method and path of a partner. */
export interface RouteEntry {
  partner: string
  datapoint: string
  pattern: string
  /** Position of the endpoint in its datapoint, from 0. */
  endpoint: number
  method: string
  path: string
  parameters: string[]
  /** The path with its parameters' names removed: equal shapes match the same requests. */
  shape: string
  step?: number
  /** Whether it answers only the requests for which its `when` holds. */
  conditional?: boolean
}

/** Every route of a definition in file order, one for each method of each endpoint. */
export function routesOf(definition: PartnerDefinition): RouteEntry[] {
  const datapoints: readonly DatapointShape[] = definition.datapoints
  return datapoints.flatMap(({ name, pattern, endpoints }) =>
    endpoints.flatMap(({ method, path, step, when }, endpoint) => {
      const { parameters, shape } = readPath(path)
      const route = { partner: definition.partner, datapoint: name, pattern, endpoint, path, parameters, shape }
      const more = { ...(step !== undefined && { step }), ...(when !== undefined && { conditional: true }) }
      return method.map((name) => ({ ...route, method: name, ...more }))
    }),
  )
}

function readPath(path: string): { parameters: string[]; shape: string } {
  const parsed = parsePath(path)
  return parsed.ok ? parsed : { parameters: [], shape: path }
}
