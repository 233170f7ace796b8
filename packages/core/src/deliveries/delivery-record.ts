import { keys, queues } from '../keys.ts'
import type { JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'
import type { Due } from '../time/due.ts'
import type { DueKind } from '../time/due-kind.ts'
import { packDelivery, unpackDelivery } from './delivery-body.ts'
import type { RetryPolicy } from './retry-policy.ts'
import type { Signing } from './signing/signing.ts'

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
  /** The key of the lane in which deliveries of one flow follow each other; null for one that waits for none. */
  readonly lane: string | null
  readonly method: string
  /** Empty where there is nothing to say one of; null while there is no payload to send. */
  readonly contentType: string | null
  readonly status: DeliveryStatus
  readonly retry: RetryPolicy
  /** Attempts that may still fail before the delivery is dead. */
  readonly attemptsLeft: number
  /** How likely it is sent once more after it was delivered, from 0 to 1. */
  readonly duplicate: number
  /** It was delivered, and is to be sent once more all the same. */
  readonly isRepeat: boolean
  readonly createdAt: number
  /** When the next attempt is due, by the session's clock; null when there will be none. */
  readonly due: Due | null
}

/** What the consumer named, and what its receiver did: kept in the record's body, before the bytes to send. */
export type DeliveryDetails = {
  /** The id of the flow that it was owed for; null where it was for none. */
  readonly flowId: string | null
  readonly url: string
  /** Names and values by turns; what is not named here imnot adds. */
  readonly headers: readonly string[]
  readonly signing: Signing | null
  readonly attempts: readonly DeliveryAttempt[]
}

export type DeliveryValue = DeliveryFacts & DeliveryDetails

/** Deliveries become due by the clock of their session; the dispatcher attempts them. */
export const deliveryDues: DueKind = { queue: queues.deliveries, prefix: keys.deliveries }

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

export interface PutDeliveryOptions {
  /** Waits for an earlier delivery of its lane instead of for its time. @default false */
  readonly isParked?: boolean
  /** When it may be claimed, on the storage's clock, where that is not when it is due. */
  readonly dueAt?: number
}

/** The record as it is to be written; it waits in the queue while another attempt is to be made. */
export function putDelivery(
  { flowId, url, headers, signing, attempts, ...facts }: DeliveryValue,
  body: Uint8Array | null,
  expect: PutOperation['expect'],
  { isParked = false, dueAt }: PutDeliveryOptions = {},
): PutOperation {
  return {
    type: 'put',
    key: keys.delivery(keys.scope(facts.session), facts.id),
    value: facts,
    body: packDelivery({ flowId, url, headers, signing, attempts }, body ?? noBytes),
    ...(facts.due === null || isParked ? {} : { queue: queues.deliveries, dueAt: dueAt ?? facts.due.wall }),
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
    flow_id: value.flowId ?? null,
    method: value.method,
    url: withoutSecrets(value.url),
    content_type: value.contentType || null,
    status: value.status,
    attempts_left: value.attemptsLeft,
    signed_with: value.signing?.scheme ?? null,
    attempts: value.attempts.map(describeAttempt),
    created_at: new Date(value.createdAt).toISOString(),
    next_attempt_at: value.due === null ? null : new Date(value.due.at).toISOString(),
  }
}

export function describeAttempt({ at, durationMs, status, error, code }: DeliveryAttempt) {
  return { at: new Date(at).toISOString(), duration_ms: durationMs, status, error, code }
}

const noBytes = new Uint8Array(0)

/** A URL may carry a password; whoever reads the ledger needs the rest of it. */
function withoutSecrets(url: string): string {
  return url.replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#@]*@/i, '$1***@')
}
