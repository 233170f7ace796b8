import type { ListOptions, StoredRecord } from '@imnot/core'
import type { Database } from './connection/database.ts'
import { type RecordRow, storedRecords } from './record-rows.ts'
import type { Statements } from './statements.ts'

export async function listRecords(
  database: Database,
  statements: Statements,
  prefix: string,
  { after, before, limit = 1000, reverse = false, bodies = false }: ListOptions,
): Promise<StoredRecord[]> {
  const { list } = statements
  // Keys are printable: \x01 sorts before and \x7f after whatever can follow in one.
  const lower = after === undefined || after < prefix ? prefix : `${after}\x01`
  const end = `${prefix}\x7f`
  const upper = before === undefined || before > end ? end : before
  const [forwards, backwards] = bodies
    ? [list.forwardsWithBodies, list.backwardsWithBodies]
    : [list.forwards, list.backwards]
  const { rows } = await database.ask((reverse ? backwards : forwards)(lower, upper, limitValue(limit)))
  return storedRecords(database, statements, rows as RecordRow[])
}

/** Postgres has no infinity among its integers. */
export function limitValue(limit: number): number {
  return Math.min(Math.max(limit, 0), Number.MAX_SAFE_INTEGER)
}
