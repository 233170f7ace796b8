import type { WriteOperation, WriteResult } from '@imnot/core'
import type { Database } from './connection/database.ts'
import { type RecordRow, storedRecords } from './record-rows.ts'
import type { Statements } from './statements.ts'

type WriteRow =
  | { readonly versions: readonly number[] }
  | { readonly versions: null; readonly conflict: number; readonly key: null }
  | (RecordRow & { readonly versions: null; readonly conflict: number })

interface Placed {
  readonly operation: WriteOperation
  readonly position: number
}

const kinds = { put: 0, delete: 1, check: 2 } as const

export async function writeRecords(
  { ask }: Database,
  { write }: Statements,
  operations: readonly WriteOperation[],
): Promise<WriteResult> {
  if (operations.length === 0) return { ok: true, versions: [] }
  const placed = inLockingOrder(operations)
  const { values, bytes } = writeArguments(placed)
  return writeResult((await ask(write(...values), bytes)).rows as WriteRow[], placed)
}

/** By key, as every write takes its locks. */
function inLockingOrder(operations: readonly WriteOperation[]): readonly Placed[] {
  const placed = operations.map((operation, position) => ({ operation, position }))
  placed.sort((a, b) => (a.operation.key < b.operation.key ? -1 : 1))
  placed.forEach(({ operation: { key } }, index) => {
    if (placed[index + 1]?.operation.key === key) {
      throw new TypeError(`A write names the key ${key} twice; name it once.`)
    }
  })
  return placed
}

/** The arguments of `write_records`, see `migrations/0002-write-records.ts`. */
function writeArguments(placed: readonly Placed[]): { readonly values: unknown[]; readonly bytes: number } {
  const puts = placed.map(({ operation }) => (operation.type === 'put' ? operation : undefined))
  const bodies = puts.flatMap((put) => (put?.body === undefined ? [] : [put.body]))
  const [first] = bodies
  return {
    values: [
      placed.map(({ operation }) => operation.key),
      placed.map(({ position }) => position),
      placed.map(({ operation }) => kinds[operation.type]),
      placed.map(({ operation: { expect = null } }) => (expect === 'absent' ? 0 : expect)),
      puts.map((put) => (put === undefined ? null : JSON.stringify(put.value))),
      puts.map((put) => moment(put?.expiresAt)),
      puts.map((put) => put?.queue ?? null),
      puts.map((put) => moment(put?.dueAt)),
      puts.map((put) => put?.body?.byteLength ?? null),
      bodies.length === 1 ? first : bodies.length === 0 ? null : Buffer.concat(bodies),
    ],
    bytes: bodies.reduce((sum, { byteLength }) => sum + byteLength, 0),
  }
}

function moment(ms: number | undefined): number | null {
  return ms === undefined ? null : Math.ceil(ms)
}

function writeResult(rows: readonly WriteRow[], placed: readonly Placed[]): WriteResult {
  const [row] = rows
  if (row === undefined) throw new Error('write_records() answers with one row')
  if (row.versions === null) {
    const [current = null] = row.key === null ? [] : storedRecords(rows as readonly RecordRow[] & typeof rows)
    return { ok: false, conflict: { index: row.conflict, current } }
  }
  const versions: number[] = []
  placed.forEach(({ position }, index) => {
    versions[position] = row.versions[index] ?? 0
  })
  return { ok: true, versions }
}
