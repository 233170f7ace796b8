import { expect, test } from 'vitest'
import type { Database } from '../src/connection/database.ts'
import type { PgQuery } from '../src/connection/pg-pool-like.ts'
import { type RecordRow, storedRecords } from '../src/record-rows.ts'
import { createStatements, PART_BYTES } from '../src/statements.ts'

const statements = createStatements('"imnot"', false)
const size = PART_BYTES + 2

function row(version: number, size: number): RecordRow {
  const body = Buffer.alloc(Math.min(size, PART_BYTES), version).toString('base64')
  return { key: 'key', version, expires_at: null, queue: null, due_at: null, value: '1', body_size: size, body }
}

/** Answers to the parts of version 1 with nothing, as if that had been replaced meanwhile, and to a get with what stands there. */
function changing(current: RecordRow[]): Database {
  const rows = ({ text, values }: PgQuery): unknown[] => {
    if (text !== statements.furtherParts().text) return current
    return values?.[1] === 1 ? [] : [{ body: Buffer.alloc(2, 2).toString('base64') }]
  }
  return { ask: async (query: PgQuery) => ({ rows: rows(query) }) } as unknown as Database
}

test('a large body that was replaced while its parts were fetched comes as it is now', async () => {
  const [record] = await storedRecords(changing([row(2, size)]), statements, [row(1, size)])
  expect(record?.version).toBe(2)
  expect(Buffer.compare(record?.body ?? Buffer.alloc(0), Buffer.alloc(size, 2))).toBe(0)
})

test('a record that was deleted while its parts were fetched is not there', async () => {
  expect(await storedRecords(changing([]), statements, [row(1, size), row(3, 3)])).toMatchObject([{ version: 3 }])
})
