import { type AsyncDatapoint, parsePath } from '@imnot/schema'
import type { Exchange } from '../handling/exchange.ts'
import type { EndpointBehaviour } from '../patterns/pattern.ts'
import { readsBody } from '../rendering/renderer.ts'
import { idSource } from './id-source.ts'

/** How the endpoint finds its flow; none of these where it concerns no flow. */
export type FlowFinder = Pick<EndpointBehaviour, 'flowId' | 'flowAlias' | 'readsBody'>

type Endpoint = Pick<AsyncDatapoint['endpoints'][number], 'path' | 'id_from'>

/** By `id_from`, by the path's `{id}`, or by a parameter that is named as a generated value. */
export function compileFinder(endpoint: Endpoint, datapoint: AsyncDatapoint): FlowFinder {
  const { path, id_from: source } = endpoint
  const parameters = parametersOf(path)
  if (source !== undefined || parameters.includes('id')) {
    const flowId = idSource(source)
    return { flowId, readsBody: readsBody(flowId.reads) }
  }
  const name = generatedNames(datapoint).find((generated) => parameters.includes(generated))
  if (name === undefined) return {}
  return { flowAlias: ({ params }: Exchange) => ({ name, value: params[name] ?? '' }) }
}

/** The generated values by which some endpoint finds its flow, so that each of them has to lead there. */
export function namesThatFind(datapoint: AsyncDatapoint): readonly string[] {
  return generatedNames(datapoint).filter((name) =>
    datapoint.endpoints.some(({ path, id_from, response }) => {
      const parameters = parametersOf(path)
      return parameters.includes(name) && !parameters.includes('id') && id_from === undefined && !response.generates_id
    }),
  )
}

function generatedNames({ endpoints }: AsyncDatapoint): string[] {
  return [...new Set(endpoints.flatMap(({ generate = {} }) => Object.keys(generate)))]
}

function parametersOf(path: string): readonly string[] {
  const parsed = parsePath(path)
  return parsed.ok ? parsed.parameters : []
}
