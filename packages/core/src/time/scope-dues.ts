import { keys } from '../keys.ts'
import type { Storage } from '../ports/storage.ts'
import { everyRecord } from '../storage/every-record.ts'
import type { ClockReading } from './clock-reading.ts'
import { type Due, dueAnew, dueBy, dueOf, isLeased } from './due.ts'
import type { DueKind } from './due-kind.ts'

/** A record of a scope that waits for a time. */
export interface Waiting {
  readonly kind: DueKind
  readonly key: string
  readonly due: Due
}

/** Everything in the scope that waits for a time, the longest due first. */
export async function listDues(
  storage: Storage,
  kinds: readonly DueKind[],
  session: string | null,
): Promise<Waiting[]> {
  const found: Waiting[] = []
  for (const kind of kinds) {
    for await (const record of everyRecord(storage, kind.prefix(keys.scope(session)))) {
      const due = dueOf(record)
      if (due !== null && record.queue === kind.queue) found.push({ kind, key: record.key, due })
    }
  }
  return found.sort((a, b) => a.due.at - b.due.at)
}

const together = 50

/** After a change of the clock: all that waits is due when the clock of now says. */
export async function dueAllAnew(storage: Storage, kinds: readonly DueKind[], reading: ClockReading): Promise<void> {
  const waiting = await listDues(storage, kinds, reading.session)
  const moved = waiting.filter(({ due }) => dueBy(reading, due.at).wall !== due.wall)
  for (let start = 0; start < moved.length; start += together) {
    const records = await storage.get(moved.slice(start, start + together).map(({ key }) => key))
    await Promise.all(
      records.map(async (record) => {
        const due = record === null ? null : dueOf(record)
        // Whoever has leased it meets the new clock when the outcome is written.
        if (record === null || due === null || isLeased(record)) return
        // One write for each. A lost race is no loss: what a request has written meanwhile follows the new clock.
        await storage.write([dueAnew(record, dueBy(reading, due.at))])
      }),
    )
  }
}
