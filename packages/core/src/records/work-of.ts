import type { Situation } from '../handling/situation.ts'
import type { Storage } from '../ports/storage.ts'
import { createRecordWork, type RecordWork } from './record-work.ts'

const works = new WeakMap<Situation, RecordWork>()

/** The same records for what has become of the situation. */
export function keepRecordWork(from: Situation, to: Situation): void {
  const known = works.get(from)
  if (known !== undefined) works.set(to, known)
}

/** The records of one attempt to answer a request: whoever reads or changes some in it has the same ones before them. */
export function recordWorkOf(situation: Situation, storage: Storage, base: string): RecordWork {
  const known = works.get(situation)
  if (known !== undefined) return known
  const { scope, session, now, clock, read, list } = situation
  const work = createRecordWork({
    scope,
    session: session?.value.id ?? null,
    now,
    clock,
    base,
    read,
    list,
    count: (key) => storage.increment(key),
  })
  works.set(situation, work)
  return work
}
