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
  const { counted } = moment.exchange
  const names = membersRead(answer.reads, 'counters').filter((name) => !counted.has(name))
  if (names.length === 0) return answer.render(moment.scope)
  return countAll(storage, names, moment).then(() => answer.render(moment.scope))
}

async function countAll(storage: Storage, names: readonly string[], { exchange, situation }: Moment): Promise<void> {
  for (const name of names) {
    const key = keys.counter(situation.scope, 'named', name)
    exchange.counted.set(name, await storage.increment(key))
  }
}
