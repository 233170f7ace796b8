import { keys, queues } from '../keys.ts'
import type { JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'
import type { Due } from '../time/due.ts'
import type { DueKind } from '../time/due-kind.ts'
import { packDelivery, unpackDelivery } from './delivery-body.ts'

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

/** What is kept of a callback that imnot owes in the record's value: nothing of it came from a consumer. */
export type DeliveryFacts = {
  /** The same for every attempt; the consumer knows it as `request_id`. */
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  readonly session: string | null
  readonly method: string
  /** Null while there is no payload to send. */
  readonly contentType: string | null
  readonly status: DeliveryStatus
  /** Attempts that may still fail before the delivery is dead. */
  readonly attemptsLeft: number
  readonly createdAt: number
  /** When the next attempt is due, by the session's clock; null when there will be none. */
  readonly due: Due | null
}

/** What the consumer named, and what its receiver did: kept in the record's body, before the bytes to send. */
export type DeliveryDetails = {
  readonly url: string
  readonly attempts: readonly DeliveryAttempt[]
}

export type DeliveryValue = DeliveryFacts & DeliveryDetails

/** Deliveries become due by the clock of their session; the dispatcher attempts them. */
export const deliveryDues: DueKind = { queue: queues.deliveries, prefix: keys.deliveries }

/** One attempt and three retries. */
export const attemptsOfDelivery = 4

export interface DeliveryState {
  readonly key: string
  readonly version: number
  readonly value: DeliveryValue
  /** Absent while there is no payload to send. */
  readonly body: Uint8Array | null
}

/** Of a record that was read with its body. Throws `ENCRYPTION_KEY_MISSING` where nobody has decrypted it. */
export function readDelivery({ key, version, value, body = noBytes }: StoredRecord): DeliveryState {
  assertUnsealed(body)
  const facts = readDeliveryFacts(value)
  const { details, bytes } = unpackDelivery(body)
  return { key, version, value: { ...facts, ...details }, body: facts.contentType === null ? null : bytes }
}

/** Of a record that was read without its body. */
export function readDeliveryFacts(value: JsonValue): DeliveryFacts {
  return value as DeliveryFacts
}

/** The record as it is to be written; it waits in the queue while another attempt is to be made. */
export function putDelivery(
  { url, attempts, ...facts }: DeliveryValue,
  body: Uint8Array | null,
  expect: PutOperation['expect'],
): PutOperation {
  return {
    type: 'put',
    key: keys.delivery(keys.scope(facts.session), facts.id),
    value: facts,
    body: packDelivery({ url, attempts }, body ?? noBytes),
    ...(facts.due === null ? {} : { queue: queues.deliveries, dueAt: facts.due.wall }),
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
    next_attempt_at: value.due === null ? null : new Date(value.due.at).toISOString(),
  }
}

const noBytes = new Uint8Array(0)

/** A URL may carry a password; whoever reads the ledger needs the rest of it. */
function withoutSecrets(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1***@')
}
