import { randomUUID } from 'node:crypto'
import type { ClockReading } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import type { DeliveryValue } from './delivery-record.ts'
import type { RetryPolicy } from './retry-policy.ts'
import type { Signing } from './signing/signing.ts'

/** What is to be sent, and when. */
export interface Owed {
  /** @default a new one */
  readonly id?: string
  readonly partner: string
  readonly datapoint: string
  readonly session: string | null
  readonly url: string
  readonly method: string
  /** As in `DeliveryFacts`. */
  readonly contentType: string | null
  readonly retry: RetryPolicy
  /** By the session's clock, from now, in milliseconds. */
  readonly delayMs: number
  /** @default none */
  readonly lane?: string | null
  /** As in `DeliveryDetails`. @default none */
  readonly flowId?: string | null
  /** @default [] */
  readonly headers?: readonly string[]
  /** @default not signed */
  readonly signing?: Signing | null
  /** @default 0 */
  readonly duplicate?: number
}

/** A delivery that was not attempted yet, with an id of its own. `now` is wall-clock time. */
export function owe(owed: Owed, clock: ClockReading, now: number): DeliveryValue {
  const { delayMs, lane = null, flowId = null, headers = [], signing = null, duplicate = 0, ...rest } = owed
  return {
    ...rest,
    id: owed.id ?? randomUUID(),
    lane,
    flowId,
    headers,
    signing,
    duplicate,
    isRepeat: false,
    status: 'pending',
    attemptsLeft: owed.retry.attempts,
    attempts: [],
    createdAt: now,
    due: dueBy(clock, clock.now + delayMs),
  }
}
