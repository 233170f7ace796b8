import { compileCondition } from '../conditions/condition.ts'
import type { Moment } from '../handling/moment.ts'
import type { EngineResponse } from '../http/messages.ts'
import { keys } from '../keys.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { isStateless } from '../rendering/renderer.ts'
import type { FeatureCompiler } from './feature.ts'

/** `fault`: what goes wrong with an answer, once everything is written. */
export const faultFeature: FeatureCompiler = (context) => {
  const declared = context.endpoint.fault
  if (declared === undefined) return null
  const {
    kind,
    slow_body: slowMs,
    probability,
    times,
    when,
  } = typeof declared === 'string'
    ? { kind: declared, slow_body: undefined, probability: 1, times: undefined, when: undefined }
    : declared
  if (kind === 'none') return null
  const condition = when === undefined ? null : compileCondition(when, context.options)
  return {
    isStateless: times === undefined && isStateless(condition?.reads ?? []),
    readsBody: condition?.readsBody ?? false,
    async respond(response, moment) {
      if (condition !== null && !condition(moment.scope)) return response
      if (probability < 1 && Math.random() >= probability) return response
      if (times !== undefined && (await countHit(context, moment)) > times) return response
      if (kind !== undefined) return { ...response, fault: kind }
      return slowed(response, slowMs ?? 0)
    },
  }
}

function countHit({ partner, datapoint, position, services }: CompileContext, { situation }: Moment): Promise<number> {
  return services.storage.increment(keys.counter(situation.scope, 'faults', partner, datapoint.name, String(position)))
}

const mostPieces = 50

/** The same bytes under the same head, in pieces over the time. A stream, which has pauses of its own, begins later. */
function slowed(response: EngineResponse, durationMs: number): EngineResponse {
  const { body, pauses: [first = { at: 0, ms: 0 }, ...others] = [] } = response
  if (!(body instanceof Uint8Array)) return response
  if (response.pauses !== undefined)
    return { ...response, pauses: [{ ...first, ms: first.ms + durationMs }, ...others] }
  const pieces = Math.max(1, Math.min(body.byteLength, mostPieces))
  const pauses = Array.from({ length: pieces }, (_, piece) => ({
    at: Math.floor((body.byteLength * piece) / pieces),
    ms: durationMs / pieces,
  }))
  return { ...response, pauses }
}
