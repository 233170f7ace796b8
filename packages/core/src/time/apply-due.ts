import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { claimDue } from './claim-due.ts'
import { readClock } from './clock-reading.ts'
import { dueAnew, dueBy } from './due.ts'
import type { DueKind, DueWork } from './due-kind.ts'

export interface ApplyServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly wrote: (operations: readonly WriteOperation[]) => void
}

/** Writes what the work comes to. Empty where somebody else has changed the record since it was leased, or its session is gone. */
export function applyDue(services: ApplyServices, kind: DueKind, work: DueWork): Promise<readonly WriteOperation[]> {
  const { storage, clock, wrote } = services
  return untilWon(clock, async () => {
    const reading = await readClock(storage, clock, work.due.session)
    if (reading === null || kind.apply === undefined) return []
    const isEarly = work.due.at > reading.now
    const operations = isEarly
      ? [dueAnew(work.record, dueBy(reading, work.due.at))]
      : await kind.apply({ ...work, clock: reading })
    const result = await storage.write([...operations, reading.check])
    if (!result.ok) return operations[result.conflict.index]?.key === work.record.key ? [] : lostRace
    if (isEarly) return []
    wrote(operations)
    return operations
  })
}

const leaseMs = 30_000
const portion = 50

/** One round of a kind's background work: applies what is due, in order. Returns when to look again. */
export async function applyWhatIsDue(services: ApplyServices, kind: DueKind): Promise<number | null> {
  const { storage, clock } = services
  const { works, nextDueAt } = await claimDue(storage, clock, kind, { limit: portion, leaseMs })
  for (const work of works) await applyDue(services, kind, work)
  const ahead = works.map(({ due, clock: reading }) => due.at - reading.now)
  // A storage whose clock is ahead of this process's hands out too early: it is not asked again at once.
  const isEarly = ahead.length > 0 && ahead.every((remainingMs) => remainingMs > 0)
  return isEarly ? clock.now() + Math.min(...ahead) : nextDueAt
}
