import { keys, queues } from '../keys.ts'
import type { JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'

/** `pending` until it is `delivered`, or `dead` when no further attempt will be made. */
export type DeliveryStatus = 'pending' | 'delivered' | 'dead'

export type DeliveryAttempt = {
  /** Wall-clock time at which the attempt began, in milliseconds. */
  readonly at: number
  readonly durationMs: number
  /** The receiver's status; null where there was no answer. */
  readonly status: number | null
  /** Why the attempt failed, in one sentence; null where it did not. */
  readonly error: string | null
  /** The error's stable code; null where the receiver answered. */
  readonly code: string | null
}

/** What is kept of a callback that imnot owes; its bytes are the record's body. */
export type DeliveryValue = {
  /** The same for every attempt; the consumer knows it as `request_id`. */
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  readonly session: string | null
  readonly method: string
  readonly url: string
  /** Null while there is no payload to send. */
  readonly contentType: string | null
  readonly status: DeliveryStatus
  /** Attempts that may still fail before the delivery is dead. */
  readonly attemptsLeft: number
  readonly attempts: readonly DeliveryAttempt[]
  readonly createdAt: number
  /** When the next attempt is due, in milliseconds; null when there will be none. */
  readonly nextAttemptAt: number | null
}

/** One attempt and three retries. */
export const attemptsOfDelivery = 4

export interface DeliveryState {
  readonly key: string
  readonly version: number
  readonly value: DeliveryValue
  /** Absent while there is no payload to send. */
  readonly body: Uint8Array | null
}

export function readDelivery(record: StoredRecord): DeliveryState {
  const value = record.value as DeliveryValue
  if (record.body !== undefined) assertUnsealed(record.body)
  return {
    key: record.key,
    version: record.version,
    value,
    body: value.contentType === null ? null : (record.body ?? noBytes),
  }
}

/** The record as it is to be written; it waits in the queue while another attempt is to be made. */
export function putDelivery(
  value: DeliveryValue,
  body: Uint8Array | null,
  expect: PutOperation['expect'],
): PutOperation {
  return {
    type: 'put',
    key: keys.delivery(keys.scope(value.session), value.id),
    value,
    ...(body === null ? {} : { body }),
    ...(value.nextAttemptAt === null ? {} : { queue: queues.deliveries, dueAt: value.nextAttemptAt }),
    ...(expect === undefined ? {} : { expect }),
  }
}

/** As the admin API shows it. */
export function describeDelivery(value: DeliveryValue): Readonly<Record<string, JsonValue>> {
  return {
    id: value.id,
    partner: value.partner,
    datapoint: value.datapoint,
    session_id: value.session,
    method: value.method,
    url: withoutSecrets(value.url),
    content_type: value.contentType,
    status: value.status,
    attempts: value.attempts.map(({ at, durationMs, status, error, code }) => ({
      at: new Date(at).toISOString(),
      duration_ms: durationMs,
      status,
      error,
      code,
    })),
    created_at: new Date(value.createdAt).toISOString(),
    next_attempt_at: value.nextAttemptAt === null ? null : new Date(value.nextAttemptAt).toISOString(),
  }
}

const noBytes = new Uint8Array(0)

/** A URL may carry a password; whoever reads the ledger needs the rest of it. */
function withoutSecrets(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1***@')
}
