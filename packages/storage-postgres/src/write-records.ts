import { ImnotError, type StoredRecord, type WriteOperation, type WriteResult } from '@imnot/core'
import type { Database } from './connection/database.ts'
import type { GroupedReads } from './grouped-reads.ts'
import type { Statements } from './statements.ts'
import { writeArguments } from './write-arguments.ts'

/** Each of them begins with what stood in the way having gone. */
const ATTEMPTS = 20

export async function writeRecords(
  database: Database,
  statements: Statements,
  { reads, operations }: { readonly reads: GroupedReads; readonly operations: readonly WriteOperation[] },
): Promise<WriteResult> {
  if (operations.length === 0) return { ok: true, versions: [] }
  const { values, bytes, positions } = writeArguments(operations)
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const { rows } = await database.ask(statements.write(...values), bytes)
    const { versions } = rows[0] as { readonly versions: readonly number[] }
    const [first = 0] = versions
    if (first >= 0) return { ok: true, versions: inGivenOrder(versions, positions) }
    const index = -first - 1
    const { key, expect } = operations[index] as WriteOperation
    const [current = null] = await reads.get([key])
    if (!hasVanished(current, expect)) return { ok: false, conflict: { index, current } }
  }
  throw new ImnotError('STORAGE_BUSY', `The database ${database.place} changes too fast for this write; try again.`)
}

/** The record that stood in the way is read after the write, and may be gone by then. */
function hasVanished(current: StoredRecord | null, expect: WriteOperation['expect']): boolean {
  return (current?.version ?? 'absent') === expect
}

function inGivenOrder(versions: readonly number[], positions: readonly number[] | null): readonly number[] {
  if (positions === null) return versions
  const ordered: number[] = []
  positions.forEach((position, index) => {
    ordered[position - 1] = versions[index] ?? 0
  })
  return ordered
}
