import type { ResourceDatapoint } from '@imnot/schema'
import { laneKeyOf } from '../deliveries/lane.ts'
import { idSource } from '../flows/id-source.ts'
import { recordKey } from '../records/record-key.ts'
import { readRecord } from '../records/record-state.ts'
import { scopeParams } from '../records/resource.ts'
import { viewWithAttempts } from '../records/view-with-attempts.ts'
import { readsBody } from '../rendering/renderer.ts'
import type { FeatureCompiler } from './feature.ts'

/** `record`: the one that a request to a resource names, before the request changes it. */
export const recordFeature: FeatureCompiler = ({ datapoint, endpoint, resources }) => {
  const resource = resources.get(datapoint.name)
  if (resource === undefined) return null
  // Resources are the datapoints of that pattern.
  const { operation, id_from: idFrom } = endpoint as ResourceDatapoint['endpoints'][number]
  if (operation === 'create' || operation === 'list') return null
  const idOf = idSource(idFrom)
  const showsAttempts = /\battempts\b/.test(JSON.stringify(endpoint))
  return {
    readsBody: readsBody(idOf.reads),
    keys(scope, exchange) {
      const id = idOf(exchange)
      if (id === '') return []
      const key = recordKey(resource, scopeParams(resource, exchange.params), id, scope)
      return showsAttempts ? [key, laneKeyOf(scope, key)] : [key]
    },
    sources(exchange, situation) {
      const { scope, record } = situation
      const id = idOf(exchange)
      if (id === '') return {}
      const key = recordKey(resource, scopeParams(resource, exchange.params), id, scope)
      return {
        record() {
          const found = readRecord(resource, key, record(key), resource.initial.get(key.slice(scope.length)))
          return found.record === null ? undefined : viewWithAttempts(found.record, situation)
        },
      }
    },
  }
}
