import type { GetOptions, ListOptions, StoredRecord } from '@imnot/core'
import { type RecordRow, storedRecord } from './record-row.ts'
import type { Statements } from './statements.ts'

/** Within a transaction, which shows all of them at one moment. */
export function getRecords(
  statements: Statements,
  keys: readonly string[],
  { known }: GetOptions,
  now: number,
): (StoredRecord | null)[] {
  return keys.map((key) => getRecord(statements, key, now, known?.get(key)))
}

export function getRecord(statements: Statements, key: string, now: number, knownVersion = 0): StoredRecord | null {
  const row = statements.get.get(knownVersion, key, now) as RecordRow | undefined
  return row === undefined ? null : storedRecord(row)
}

export function listRecords(
  { list }: Statements,
  prefix: string,
  { after, before, limit = 1000, reverse = false, bodies = false }: ListOptions,
  now: number,
): StoredRecord[] {
  // Keys are printable: \x01 sorts before and \x7f after whatever can follow in one.
  const lower = after === undefined || after < prefix ? prefix : `${after}\x01`
  const end = `${prefix}\x7f`
  const upper = before === undefined || before > end ? end : before
  const [forwards, backwards] = bodies
    ? [list.forwardsWithBodies, list.backwardsWithBodies]
    : [list.forwards, list.backwards]
  const rows = (reverse ? backwards : forwards).all(lower, upper, now, limitValue(limit)) as RecordRow[]
  return rows.map(storedRecord)
}

/** SQLite takes a negative limit for none, and refuses infinity. */
export function limitValue(limit: number): number {
  return Math.min(Math.max(limit, 0), Number.MAX_SAFE_INTEGER)
}
