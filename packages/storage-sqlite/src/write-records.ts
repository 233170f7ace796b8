import type { WriteOperation, WriteResult } from '@imnot/core'
import { getRecord } from './read-records.ts'
import type { Statements } from './statements.ts'
import type { Versions } from './versions.ts'

/** A write made ready outside of the transaction: a value that JSON cannot say must not reach it. */
export interface PreparedWrite {
  readonly operations: readonly WriteOperation[]
  /** The value of each put, '' for another operation. */
  readonly values: readonly string[]
}

export interface AppliedWrite {
  readonly result: WriteResult
  readonly hasDeleted: boolean
}

export function prepareWrite(operations: readonly WriteOperation[]): PreparedWrite {
  return {
    operations,
    values: operations.map((operation) => (operation.type === 'put' ? JSON.stringify(operation.value) : '')),
  }
}

/** Within a write transaction. Looks at every expectation before it changes anything. */
export function applyWrite(
  statements: Statements,
  versions: Versions,
  { operations, values }: PreparedWrite,
  now: number,
): AppliedWrite {
  const index = operations.findIndex((operation) => !isAsExpected(statements, operation, now))
  const refused = operations[index]
  if (refused !== undefined) {
    const current = getRecord(statements, refused.key, now)
    return { result: { ok: false, conflict: { index, current } }, hasDeleted: false }
  }

  let hasDeleted = false
  const newVersions = operations.map((operation, position) => {
    if (operation.type === 'delete') hasDeleted = statements.remove.run(operation.key).changes !== 0 || hasDeleted
    if (operation.type !== 'put') return 0
    const version = versions.take()
    const { key, expiresAt = null, queue = null, dueAt = null, body } = operation
    statements.put.run(key, version, expiresAt, queue, dueAt, values[position] ?? '', bodyValue(body))
    return version
  })
  return { result: { ok: true, versions: newVersions }, hasDeleted }
}

function isAsExpected(statements: Statements, { key, expect }: WriteOperation, now: number): boolean {
  if (expect === undefined) return true
  const row = statements.version.get(key, now) as { readonly version: number } | undefined
  return (row?.version ?? 'absent') === expect
}

/** A driver may take a view of no bytes for NULL. */
function bodyValue(body: Uint8Array | undefined): Uint8Array | string | null {
  if (body === undefined) return null
  return body.byteLength === 0 ? '' : body
}
