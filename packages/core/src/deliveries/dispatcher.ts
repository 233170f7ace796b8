import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { findPayload } from '../payloads/find-payload.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Storage, StoredRecord } from '../ports/storage.ts'
import { claimDue } from '../time/claim-due.ts'
import { readClock } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import { type AttemptOutcome, attemptDelivery } from './attempt.ts'
import { type DeliveryState, deliveryDues, putDelivery, readDelivery } from './delivery-record.ts'

/** Sends what is owed. Each node has one; a claim gives each delivery to one of them at a time. */
export interface Dispatcher {
  /** Claims what is due and begins its attempts. Returns when to look again on the storage's clock; null for an empty queue. */
  look(): Promise<number | null>
  /** Begins no further attempt and resolves when those under way are written down. */
  close(): Promise<void>
}

export interface DispatcherOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly logger: Logger
  readonly outbound: Outbound
  /** There is room for another attempt, and a retry may have become due. */
  readonly onAttemptEnded: () => void
}

/** Longer than an attempt may take (15 s), so that a lease ends only with its node. */
const leaseMs = 30_000

const mostAtOnce = 64

export function createDispatcher({ storage, clock, logger, outbound, onAttemptEnded }: DispatcherOptions): Dispatcher {
  const running = new Set<Promise<void>>()
  let isClosed = false

  async function deliver(record: StoredRecord): Promise<void> {
    try {
      const delivery = await withPayload(readDelivery(record))
      const outcome = await attemptDelivery(clock, outbound, delivery)
      const { value } = outcome
      const last = value.attempts.at(-1)
      const fields = { delivery: value.id, partner: value.partner, datapoint: value.datapoint, status: value.status }
      if (last?.error) logger.warn('A callback attempt failed', { ...fields, error: last.error })
      else logger.info('A callback was delivered', fields)
      // The lease ran out, or the session was deleted: the outcome belongs to whoever holds the delivery now.
      if (!(await writeOutcome(delivery, outcome))) logger.debug('A callback outcome came too late', fields)
    } catch (error) {
      // The lease ends by itself and the delivery is attempted again.
      logger.warn('A callback attempt could not be written down', { error: String(error) })
    }
  }

  /** A retry is due by the clock of now. False where the delivery is no longer this node's, or its session is gone. */
  async function writeOutcome(delivery: DeliveryState, { value, retryInMs }: AttemptOutcome): Promise<boolean> {
    if (retryInMs === null) return (await storage.write([putDelivery(value, delivery.body, delivery.version)])).ok
    return untilWon(clock, async () => {
      const scope = await readClock(storage, clock, value.session)
      if (scope === null) return false
      const due = dueBy(scope, scope.now + retryInMs)
      const operations = [putDelivery({ ...value, due }, delivery.body, delivery.version), scope.check]
      const result = await storage.write(operations)
      return result.ok || result.conflict.index === 0 ? result.ok : lostRace
    })
  }

  /** A delivery that was owed before there was a payload takes the one that is there now. */
  async function withPayload(delivery: DeliveryState): Promise<DeliveryState> {
    if (delivery.body !== null) return delivery
    const payload = await findPayload(storage, clock, delivery.value)
    if (payload === null) return delivery
    return { ...delivery, value: { ...delivery.value, contentType: payload.value.contentType }, body: payload.body }
  }

  return {
    async look() {
      const limit = mostAtOnce - running.size
      if (isClosed || limit <= 0) return null
      const { works, nextDueAt } = await claimDue(storage, clock, deliveryDues, { limit, leaseMs })
      for (const { record } of works) {
        const attempt = deliver(record)
        running.add(attempt)
        attempt.finally(() => {
          running.delete(attempt)
          onAttemptEnded()
        })
      }
      return nextDueAt
    },
    async close() {
      isClosed = true
      await Promise.all(running)
    },
  }
}
