import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
import type { Storage } from '../ports/storage.ts'
import type { IdMaker } from './compile-id.ts'

/**
 * A new id for this moment. `sequence` names what is counted within the session: the partner, the datapoint and whatever
 * tells ids of one kind from others. A number is drawn for each attempt: one whose write lost a race is left out, and one that
 * is taken is passed over.
 */
export async function makeId(
  storage: Storage,
  maker: IdMaker,
  { situation, scope }: Moment,
  sequence: readonly string[],
): Promise<string> {
  const number = maker.isCounted ? await storage.increment(sequenceKey(situation.scope, sequence)) : 0
  return maker.make(scope, { number, now: situation.clock.now })
}

function sequenceKey(scope: string, names: readonly string[]): string {
  return keys.counter(scope, 'sequence', ...names)
}
