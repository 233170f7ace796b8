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
  database: Database,
  statements: Statements,
  queue: string,
  { limit, leaseMs }: ClaimOptions,
): Promise<Claimed> {
  const rows = (await database.ask(statements.claim(queue, limitValue(limit), Math.ceil(leaseMs)))).rows as ClaimRow[]
  const end = rows.find(({ key }) => key === null)
  if (end === undefined) throw new Error('claim_records() always ends with a row without a key')
  const leased = rows.filter((row) => row.key !== null)
  const versions = new Map(leased.map(({ key, version }) => [key, version]))
  const records = await storedRecords(database, statements, leased)
  return {
    // What was replaced before its large body was here is leased no longer.
    records: records.filter(({ key, version }) => versions.get(key) === version),
    nextDueAt: end.next_due_at,
    now: end.now,
  }
}
