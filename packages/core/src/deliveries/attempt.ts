import { isImnotError } from '../errors.ts'
import { howToUpload } from '../payloads/how-to-upload.ts'
import type { Clock } from '../ports/clock.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { DeliveryAttempt, DeliveryState, DeliveryValue } from './delivery-record.ts'
import { outgoingHeaders } from './outgoing-headers.ts'
import { isPassing, waitAfter, waitAsked } from './retry-policy.ts'

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
  const failure = (error: string, code: string | null, status: number | null = null): DeliveryAttempt => {
    return { at, durationMs: clock.now() - at, status, error, code }
  }
  if (body === null) return ended(value, 'dead', failure(noPayload(value), 'NO_PAYLOAD'))
  try {
    const headers = await outgoingHeaders(value, body, at)
    const { status, retryAfter } = await outbound({ method: value.method, url: value.url, headers, body })
    if (status >= 200 && status < 300) return arrived(value, { ...failure('', null, status), error: null })
    const hint = status >= 300 && status < 400 ? ', and redirects are not followed' : ''
    const failed = failure(`The receiver answered ${status}${hint}.`, null, status)
    if (!isPassing(status)) return ended(value, 'dead', failed)
    return again(value, failed, waitAsked(retryAfter, clock.now()))
  } catch (error) {
    const attempt = failure(sentence(error), codeOf(error))
    if (hopeless.some((code) => isImnotError(error, code))) return ended(value, 'dead', attempt)
    return again(value, attempt, 0)
  }
}

/** What another attempt would meet again. */
const hopeless = ['EGRESS_DENIED', 'SIGNING_FAILED'] as const

/** A receiver must bear the same delivery twice; where the definition says so, it gets it twice. */
function arrived(value: DeliveryValue, attempt: DeliveryAttempt): AttemptOutcome {
  if (value.isRepeat || Math.random() >= value.duplicate) return ended(value, 'delivered', attempt)
  return { value: { ...value, isRepeat: true, attempts: [...value.attempts, attempt] }, retryInMs: 0 }
}

function ended(value: DeliveryValue, end: 'delivered' | 'dead', attempt: DeliveryAttempt): AttemptOutcome {
  const status = value.isRepeat ? 'delivered' : end
  const attempts = [...value.attempts, attempt]
  return { value: { ...value, status, attemptsLeft: 0, isRepeat: false, attempts, due: null }, retryInMs: null }
}

function again(value: DeliveryValue, attempt: DeliveryAttempt, askedMs: number): AttemptOutcome {
  const attemptsLeft = value.attemptsLeft - 1
  if (attemptsLeft <= 0 || value.isRepeat) return ended(value, 'dead', attempt)
  return {
    value: { ...value, attemptsLeft, attempts: [...value.attempts, attempt] },
    retryInMs: waitAfter(value.retry, value.retry.attempts - attemptsLeft, askedMs),
  }
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
