import type { PutOperation, StoredRecord, WriteOperation } from '../ports/storage.ts'
import type { ClockReading } from './clock-reading.ts'
import { wallTimeOf } from './scope-clock.ts'

/** When something is due, by the clock of its scope: the member `due` of each record that waits in a queue by that clock. */
export type Due = {
  readonly session: string | null
  /** The scope's time. */
  readonly at: number
  /** The clock's revision that `wall` was derived from. */
  readonly revision: number
  /** What the storage was told as `dueAt`. Another value there is the lease of somebody who works on it. */
  readonly wall: number
}

/**
 * Due at this time of the scope. Write it as the record's member `due` with `dueAt: due.wall`, and the reading's `check`
 * in the same write (the engine adds it to what a plan writes).
 */
export function dueBy({ session, clock }: ClockReading, at: number): Due {
  return { session, at, revision: clock.revision, wall: wallTimeOf(clock, at) }
}

export function dueOf({ value }: Pick<StoredRecord, 'value'>): Due | null {
  const due = (value as { readonly due?: Due | null } | null)?.due
  return due ?? null
}

/** Somebody works on it: its outcome is theirs to write. */
export function isLeased(record: StoredRecord): boolean {
  return record.dueAt !== dueOf(record)?.wall
}

/** The record as it is, due at another time. It must have been read with its body. */
export function dueAnew(record: StoredRecord, due: Due): PutOperation {
  const { key, value, body, expiresAt, queue, version } = record
  return {
    type: 'put',
    key,
    value: { ...(value as Readonly<Record<string, never>>), due },
    ...(body === undefined ? {} : { body }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
    ...(queue === undefined ? {} : { queue, dueAt: due.wall }),
    expect: version,
  }
}

/** Whether the write owes something in a queue within the scope of the key prefix. */
export function owesIn(scope: string, operations: readonly WriteOperation[]): boolean {
  return operations.some(
    (operation) => operation.type === 'put' && operation.queue !== undefined && operation.key.startsWith(scope),
  )
}
