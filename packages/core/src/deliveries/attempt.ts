import { isImnotError } from '../errors.ts'
import { howToUpload } from '../payloads/how-to-upload.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import { attemptsOfDelivery, type DeliveryAttempt, type DeliveryState, type DeliveryValue } from './delivery-record.ts'

export interface AttemptOutcome {
  readonly value: DeliveryValue
  /** How long to wait by the session's clock before it is tried again; null where it is not. */
  readonly retryInMs: number | null
}

/** Makes one attempt and says what becomes of the delivery; writes nothing. */
export async function attemptDelivery(
  clock: Clock,
  outbound: Outbound,
  delivery: DeliveryState,
): Promise<AttemptOutcome> {
  const { value, body } = delivery
  const at = clock.now()
  if (body === null || value.contentType === null) {
    return ended(value, 'dead', { at, durationMs: 0, status: null, error: noPayload(value), code: 'NO_PAYLOAD' })
  }
  const headers = ['content-type', value.contentType, 'user-agent', 'imnot', 'x-imnot-delivery', value.id]
  try {
    const { status, retryAfter } = await outbound({ method: value.method, url: value.url, headers, body })
    const attempt = { at, durationMs: clock.now() - at, status, code: null }
    if (status >= 200 && status < 300) return ended(value, 'delivered', { ...attempt, error: null })
    const failed = { ...attempt, error: `The receiver answered ${status}.` }
    if (!isTransient(status)) return ended(value, 'dead', failed)
    return again(value, failed, waitAsked(retryAfter, clock.now()))
  } catch (error) {
    const attempt = { at, durationMs: clock.now() - at, status: null, error: sentence(error), code: codeOf(error) }
    if (isImnotError(error, 'EGRESS_DENIED')) return ended(value, 'dead', attempt)
    return again(value, attempt, 0)
  }
}

/** A receiver that says no for good is not asked again. */
function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500
}

function ended(value: DeliveryValue, status: 'delivered' | 'dead', attempt: DeliveryAttempt): AttemptOutcome {
  return {
    value: { ...value, status, attemptsLeft: 0, attempts: [...value.attempts, attempt], due: null },
    retryInMs: null,
  }
}

/** 1 s, 2 s, 4 s after the first, second, third failure; later where the receiver asks for it. */
function again(value: DeliveryValue, attempt: DeliveryAttempt, askedMs: number): AttemptOutcome {
  const attemptsLeft = value.attemptsLeft - 1
  if (attemptsLeft <= 0) return ended(value, 'dead', attempt)
  const failuresBefore = attemptsOfDelivery - value.attemptsLeft
  return {
    value: { ...value, attemptsLeft, attempts: [...value.attempts, attempt] },
    retryInMs: Math.max(1000 * 2 ** failuresBefore, askedMs),
  }
}

const longestWaitMs = 3_600_000

/** RFC 9110, section 10.2.3: seconds, or a date. */
function waitAsked(retryAfter: string | null, now: number): number {
  if (retryAfter === null) return 0
  const waitMs = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1000 : Date.parse(retryAfter) - now
  return Number.isNaN(waitMs) ? 0 : Math.min(Math.max(0, waitMs), longestWaitMs)
}

function noPayload({ partner, datapoint, session }: DeliveryValue): string {
  const remedy = howToUpload({ partner, datapoint, session })
  return `There was no payload of ${partner}/${datapoint} to send; ${remedy}, then redeliver the callback.`
}

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function codeOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : null
  return typeof code === 'string' ? code : 'CONNECTION_FAILED'
}
