import { compileCondition } from '../conditions/condition.ts'
import type { Moment } from '../handling/moment.ts'
import type { EngineResponse } from '../http/messages.ts'
import { keys } from '../keys.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { isStateless } from '../rendering/renderer.ts'
import type { Stopwatch } from '../time/stopwatch.ts'
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
  const { stopwatch } = context.services
  return {
    isStateless: times === undefined && isStateless(condition?.reads ?? []),
    readsBody: condition?.readsBody ?? false,
    async respond(response, moment) {
      if (condition !== null && !condition(moment.scope)) return response
      if (probability < 1 && Math.random() >= probability) return response
      if (times !== undefined && (await countHit(context, moment)) > times) return response
      if (kind !== undefined) return { ...response, fault: kind }
      return slowed(response, stopwatch(moment.situation.clock), slowMs ?? 0)
    },
  }
}

function countHit({ partner, datapoint, position, services }: CompileContext, { situation }: Moment): Promise<number> {
  return services.storage.increment(keys.counter(situation.scope, 'faults', partner, datapoint.name, String(position)))
}

const mostPieces = 50

/** The same bytes under the same head, in pieces over the time. */
function slowed(response: EngineResponse, stopwatch: Stopwatch, durationMs: number): EngineResponse {
  const { body } = response
  if (body === null) return response
  return {
    ...response,
    body: body instanceof Uint8Array ? dribble(body, stopwatch, durationMs) : late(body, stopwatch, durationMs),
  }
}

async function* dribble(bytes: Uint8Array, stopwatch: Stopwatch, durationMs: number): AsyncGenerator<Uint8Array> {
  const pieces = Math.min(bytes.byteLength, mostPieces)
  for (let piece = 0; piece < pieces; piece++) {
    await stopwatch((durationMs * (piece + 1)) / pieces)
    const [from, to] = [piece, piece + 1].map((edge) => Math.floor((bytes.byteLength * edge) / pieces))
    yield bytes.subarray(from, to)
  }
}

/** A stream has pauses of its own, and nobody knows its length: it begins later. */
async function* late(
  chunks: AsyncIterable<Uint8Array>,
  stopwatch: Stopwatch,
  durationMs: number,
): AsyncGenerator<Uint8Array> {
  await stopwatch(durationMs)
  yield* chunks
}
