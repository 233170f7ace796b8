import type { Claimed, ClaimOptions } from '@imnot/core'
import type { Database } from './connection/database.ts'
import { limitValue } from './read-records.ts'
import { type RecordRow, storedRecords } from './record-rows.ts'
import type { Statements } from './statements.ts'

type ClaimRow = { readonly now: number } & (
  | (RecordRow & { readonly next_due_at: null })
  | { readonly key: null; readonly next_due_at: number | null }
)

export async function claimRecords(
  { ask }: Database,
  { claim }: Statements,
  queue: string,
  { limit, leaseMs }: ClaimOptions,
): Promise<Claimed> {
  const rows = (await ask(claim(queue, limitValue(limit), Math.ceil(leaseMs)))).rows as ClaimRow[]
  const end = rows.find(({ key }) => key === null)
  if (end === undefined) throw new Error('claim_records() always ends with a row without a key')
  return {
    records: storedRecords(rows.filter((row) => row.key !== null)),
    nextDueAt: end.next_due_at,
    now: end.now,
  }
}
