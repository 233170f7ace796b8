import { refusal } from '../answers/refusal.ts'
import { idSource } from '../flows/id-source.ts'
import type { Exchange } from '../handling/exchange.ts'
import { fingerprintOf, putKeptAnswer, readKeptAnswer, wholeAnswer } from '../idempotency/kept-answer.ts'
import { keys } from '../keys.ts'
import type { FeatureCompiler } from './feature.ts'

/**
 * `idempotency_key`: the first answer below 400 is kept in the write of what it tells of. Whoever sends the key again gets it
 * again, and whoever sends it at the same moment loses the race for that record and gets it, too.
 */
export const idempotencyFeature: FeatureCompiler = ({ partner, endpoint }) => {
  const { idempotency_key: place } = endpoint
  if (place === undefined) return null
  const keySent = idSource(place)

  function recordKey(scope: string, exchange: Exchange): string | null {
    const sent = keySent(exchange)
    const { method, path } = exchange.view
    return sent === '' ? null : keys.idempotent(scope, partner, method, path, sent)
  }

  return {
    readsBody: true,
    keys: (scope, exchange) => [recordKey(scope, exchange)].filter((key) => key !== null),
    before({ exchange, situation }) {
      const key = recordKey(situation.scope, exchange)
      const record = key === null ? null : situation.record(key)
      if (record === null) return null
      const kept = readKeptAnswer(record)
      if (kept.fingerprint === fingerprintOf(exchange)) return kept.answer
      return refusal(
        'conflict',
        `The idempotency key in ${place} was used for another request to this path, with another body or query; send a new key.`,
        { more: { reason: 'idempotency_key' } },
      )
    },
    async amend(plan, { exchange, situation }) {
      const key = recordKey(situation.scope, exchange)
      if (key === null || !('status' in plan.answer) || 'kind' in plan.answer) return plan
      if (plan.answer.status >= 400 || exchange.passive) return plan
      const answer = await wholeAnswer(plan.answer)
      const kept = putKeptAnswer(key, fingerprintOf(exchange), answer, situation.now)
      return { ...plan, answer, operations: [...(plan.operations ?? []), kept] }
    },
  }
}
