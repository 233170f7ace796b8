import type { JsonValue, StoredRecord } from '@imnot/core'
import type { Database } from './connection/database.ts'
import { PART_BYTES, type Statements } from './statements.ts'

/** What `recordColumns` of `statements.ts` selects. */
export interface RecordRow {
  readonly key: string
  readonly version: number
  readonly expires_at: number | null
  readonly queue: string | null
  readonly due_at: number | null
  readonly value: string
  /** Null also where the body was not asked for. */
  readonly body_size: number | null
  /** Its first part, in base64. */
  readonly body: string | null
}

/**
 * The records with whole bodies: the further parts of large ones are fetched. A record that was replaced or deleted before
 * that comes as it is now, or not at all.
 */
export async function storedRecords(
  database: Database,
  statements: Statements,
  rows: readonly RecordRow[],
): Promise<StoredRecord[]> {
  if (!rows.some(isLarge)) return rows.map((row) => storedRecord(row, bodyOf(row.body ?? '')))
  const records = await Promise.all(rows.map((row) => wholeRecord(database, statements, row)))
  return records.filter((record) => record !== null)
}

async function wholeRecord(database: Database, statements: Statements, row: RecordRow): Promise<StoredRecord | null> {
  const first = bodyOf(row.body ?? '')
  if (!isLarge(row)) return storedRecord(row, first)
  const { rows } = await database.ask(statements.furtherParts(row.key, row.version), row.body_size ?? 0)
  const parts = [first, ...(rows as { readonly body: string }[]).map(({ body }) => bodyOf(body))]
  const body = Buffer.concat(parts)
  if (body.byteLength === row.body_size) return storedRecord(row, body)
  const again = await database.ask(statements.get([row.key], [null]))
  const [record = null] = await storedRecords(database, statements, again.rows as RecordRow[])
  return record
}

function isLarge({ body_size }: RecordRow): boolean {
  return body_size !== null && body_size > PART_BYTES
}

function bodyOf(text: string): Buffer {
  return Buffer.from(text, 'base64')
}

function storedRecord(row: RecordRow, body: Buffer): StoredRecord {
  const { key, version, expires_at, queue, due_at, value } = row
  return {
    key,
    version,
    value: JSON.parse(value) as JsonValue,
    ...(row.body !== null && { body }),
    ...(expires_at !== null && { expiresAt: expires_at }),
    ...(queue !== null && due_at !== null && { queue, dueAt: due_at }),
  }
}
