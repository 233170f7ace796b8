import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Miss } from './way.ts'

/** For a request that no way let in. What was sent and is wrong tells more than what was not sent. */
export function refuse(misses: readonly Miss[]): Refusal {
  const forbidden = misses.find((miss) => miss.isForbidden)
  const tried = misses.filter((miss) => !miss.isAbsent)
  const told = forbidden !== undefined ? [forbidden] : tried.length > 0 ? tried : misses
  const causes = [...new Set(told.map(({ cause }) => cause))].join('; ')
  const remedies = [...new Set(told.map(({ remedy }) => remedy))].join(', or ')
  const detail = `This request is not let in: ${causes}. To be let in, ${remedies}.`
  const challenges = forbidden === undefined ? misses : [forbidden]
  const headers = challenges.flatMap(({ challenge }) => ['www-authenticate', challenge])
  return refusal(forbidden === undefined ? 'unauthorized' : 'forbidden', detail, { headers })
}
