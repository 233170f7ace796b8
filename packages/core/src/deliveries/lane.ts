import { Buffer } from 'node:buffer'
import { keys } from '../keys.ts'
import type { JsonValue, PutOperation, StoredRecord, WriteOperation } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'
import { type DeliveryAttempt, describeAttempt } from './delivery-record.ts'

/**
 * The deliveries of one flow (or of one record), in the order in which they were owed. The first one that has not ended is
 * attempted, the ones behind it are parked: they are in no queue until their turn comes.
 */
export interface Lane {
  readonly key: string
  /** 0 where there was none yet. */
  readonly version: number
  /** Ids of the deliveries that have not ended. */
  readonly waiting: readonly string[]
  /** What templates see as `flow.attempts`: those of all deliveries, the oldest first. */
  readonly attempts: readonly LaneAttempt[]
}

export type LaneAttempt = DeliveryAttempt & { readonly delivery: string }

/** As many as are kept; what a flow called back before that is in the ledger. */
const keptAttempts = 100

/** The lane of the flow or record that is kept under this key. */
export function laneKeyOf(scope: string, ownerKey: string): string {
  return keys.lane(scope, ownerKey.slice(scope.length))
}

/** Of a record that was read with its body. Throws `ENCRYPTION_KEY_MISSING` where nobody has decrypted it. */
export function readLane(key: string, record: StoredRecord | null): Lane {
  if (record === null) return { key, version: 0, waiting: [], attempts: [] }
  const { version, value, body } = record
  if (body !== undefined) assertUnsealed(body)
  const attempts = body === undefined ? [] : (JSON.parse(Buffer.from(body).toString('utf8')) as LaneAttempt[])
  return { key, version, waiting: (value as LaneValue).waiting, attempts }
}

type LaneValue = { readonly waiting: readonly string[] }

/** What an attempt said may name the receiver, so that it is in the body, which `encrypted` covers. */
export function putLane({ key, version, waiting, attempts }: Lane): PutOperation {
  const value: LaneValue = { waiting }
  const body = Buffer.from(JSON.stringify(attempts.slice(-keptAttempts)))
  return { type: 'put', key, value, body, expect: version === 0 ? 'absent' : version }
}

/** The lane as it is among what is to be written, and all else of that; null where it is not. */
export function laneIn(
  operations: readonly WriteOperation[],
  key: string,
): { readonly found: Lane | null; readonly rest: readonly WriteOperation[] } {
  const put = operations.find((operation) => operation.key === key)
  if (put?.type !== 'put') return { found: null, rest: operations }
  const { value, body, expect } = put
  const version = typeof expect === 'number' ? expect : 0
  const record: StoredRecord = { key, version, value, ...(body !== undefined && { body }) }
  return { found: readLane(key, record), rest: operations.filter((operation) => operation !== put) }
}

/** As `flow.attempts` and `record.attempts` show it. */
export function attemptsView({ attempts }: Lane): readonly JsonValue[] {
  return attempts.map(({ delivery, ...attempt }) => ({ delivery, ...describeAttempt(attempt) }))
}
