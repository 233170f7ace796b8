import type { Clock } from '../ports/clock.ts'
import type { ClaimOptions, Storage, StoredRecord } from '../ports/storage.ts'
import { readClocks } from './clock-reading.ts'
import { type Due, dueAnew, dueBy, dueOf } from './due.ts'
import type { DueKind, DueWork } from './due-kind.ts'
import { isWalked } from './scope-clock.ts'

export interface ClaimedDue {
  /** Leased to the caller, in due order. */
  readonly works: readonly DueWork[]
  /** When to look again, on the storage's clock; 0 for at once, null for an empty queue. */
  readonly nextDueAt: number | null
}

/**
 * Claims what is due by the clocks of now. A record that was made due by an older revision of its clock is made due anew
 * instead of being handed out.
 */
export async function claimDue(
  storage: Storage,
  clock: Clock,
  kind: DueKind,
  options: ClaimOptions,
): Promise<ClaimedDue> {
  const { records, nextDueAt } = await storage.claim(kind.queue, options)
  if (records.length === 0) return { works: [], nextDueAt }
  const readings = await readClocks(
    storage,
    clock,
    records.map((record) => dueOf(record)?.session ?? null),
  )
  const works: DueWork[] = []
  const stale: Promise<unknown>[] = []
  for (const record of records) {
    const due = dueOf(record)
    const reading = readings.get(due?.session ?? null)
    // A session that is gone takes its work with it.
    if (due === null || reading === undefined) continue
    // While a clock is walked, the walker applies what is due, in order.
    const walkEnd = kind.apply !== undefined && isWalked(reading.clock, clock.now()) ? reading.clock.walk?.until : 0
    const next = dueBy(reading, due.at)
    if (walkEnd) stale.push(putOff(storage, record, { ...next, wall: Math.max(next.wall, walkEnd) }))
    else if (due.revision !== reading.clock.revision) stale.push(putOff(storage, record, next))
    else works.push({ record, due, clock: reading })
  }
  await Promise.all(stale)
  const isMore = records.length === options.limit || stale.length > 0
  return { works, nextDueAt: isMore ? 0 : nextDueAt }
}

/** A lost race is no loss: whoever was faster has said when it is due. */
function putOff(storage: Storage, record: StoredRecord, due: Due): Promise<unknown> {
  return storage.write([dueAnew(record, due)])
}
