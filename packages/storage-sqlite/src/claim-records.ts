import type { ClaimOptions, StoredRecord } from '@imnot/core'
import { limitValue } from './read-records.ts'
import { type RecordRow, storedRecord } from './record-row.ts'
import type { Statements } from './statements.ts'
import type { Versions } from './versions.ts'

/** Within a write transaction. */
export function leaseDue(
  statements: Statements,
  versions: Versions,
  queue: string,
  { limit, leaseMs }: ClaimOptions,
  now: number,
): StoredRecord[] {
  const rows = statements.due.all(queue, now, now, limitValue(limit)) as RecordRow[]
  return rows.map((row) => {
    const leased = { ...row, version: versions.take(), due_at: now + leaseMs }
    statements.lease.run(leased.version, leased.due_at, leased.id)
    return storedRecord(leased)
  })
}

export function nextDueAt(statements: Statements, queue: string, now: number): number | null {
  const row = statements.nextDueAt.get(queue, now) as { readonly due_at: number } | undefined
  return row?.due_at ?? null
}
