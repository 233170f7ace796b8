import type { Moment } from '../handling/moment.ts'
import type { EngineResponse } from '../http/messages.ts'
import { keys } from '../keys.ts'
import type { Storage } from '../ports/storage.ts'
import { membersRead } from '../rendering/renderer.ts'
import type { Answer } from './answer.ts'

/**
 * The answer for this moment. At once, unless it shows `counters.NAME`: those are counted first, in the scope of the session
 * and once for each request, however often its attempt is made again.
 */
export function renderAnswer(
  storage: Storage,
  answer: Answer,
  moment: Moment,
): EngineResponse | Promise<EngineResponse> {
  if (answer.fixed !== null) return answer.fixed
  const names = uncounted(answer.reads, moment)
  if (names.length === 0) return answer.render(moment.scope)
  return countAll(storage, answer.reads, moment).then(() => answer.render(moment.scope))
}

function uncounted(reads: readonly string[], { exchange }: Moment): string[] {
  return membersRead(reads, 'counters').filter((name) => !exchange.counted.has(name))
}

/** Counts what these reads show and was not counted for this request yet. */
export async function countAll(storage: Storage, reads: readonly string[], moment: Moment): Promise<void> {
  const { exchange, situation } = moment
  for (const name of uncounted(reads, moment)) {
    const key = keys.counter(situation.scope, 'named', name)
    exchange.counted.set(name, await storage.increment(key))
  }
}
