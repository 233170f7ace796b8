import type { JsonValue, StoredRecord } from '@imnot/core'

/** A row of what `bodyInParts` of `statements.ts` selects: a record, or one more part of its body. */
export interface RecordRow {
  readonly key: string
  readonly version: number
  readonly expires_at: number | null
  readonly queue: string | null
  readonly due_at: number | null
  readonly value: string
  /** Counts from 0. */
  readonly part: number
  /** In base64. Null also where the body was not asked for. */
  readonly body: string | null
}

/** The records in the order of their first rows. */
export function storedRecords(rows: readonly RecordRow[]): StoredRecord[] {
  const furtherParts = new Map<string, string[]>()
  for (const { key, part, body } of rows) {
    if (part === 0 || body === null) continue
    const parts = furtherParts.get(key) ?? []
    parts[part - 1] = body
    furtherParts.set(key, parts)
  }
  return rows.filter(({ part }) => part === 0).map((row) => storedRecord(row, furtherParts.get(row.key) ?? []))
}

function storedRecord(row: RecordRow, furtherParts: readonly string[]): StoredRecord {
  const { key, version, expires_at, queue, due_at, value, body } = row
  return {
    key,
    version,
    value: JSON.parse(value) as JsonValue,
    ...(body !== null && { body: joined([body, ...furtherParts]) }),
    ...(expires_at !== null && { expiresAt: expires_at }),
    ...(queue !== null && due_at !== null && { queue, dueAt: due_at }),
  }
}

function joined(parts: readonly string[]): Buffer {
  const [first = ''] = parts
  if (parts.length === 1) return Buffer.from(first, 'base64')
  return Buffer.concat(parts.map((part) => Buffer.from(part, 'base64')))
}
