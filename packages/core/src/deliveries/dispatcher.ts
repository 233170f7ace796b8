import { findPayload } from '../payloads/find-payload.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Outbound } from '../ports/outbound.ts'
import type { Storage, StoredRecord, WriteOperation } from '../ports/storage.ts'
import { claimDue } from '../time/claim-due.ts'
import { attemptDelivery } from './attempt.ts'
import { type DeliveryState, deliveryDues, putDelivery, readDelivery } from './delivery-record.ts'
import { createReceiverLines } from './receiver-lines.ts'
import { recordOutcome } from './record-outcome.ts'

/** Sends what is owed. Each node has one; a claim gives each delivery to one of them at a time. */
export interface Dispatcher {
  /** Claims what is due and begins its attempts. Returns when to look again on the storage's clock; null for an empty queue. */
  look(): Promise<number | null>
  /** Begins no further attempt, hands back what waits, and resolves when the attempts under way are written down. */
  close(): Promise<void>
}

export interface DispatcherOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly logger: Logger
  readonly outbound: Outbound
  /** The longest that an attempt may take, in milliseconds. */
  readonly attemptMs: number
  /** There is room for another attempt, and a retry may have become due. */
  readonly onAttemptEnded: () => void
  readonly wrote: (operations: readonly WriteOperation[]) => void
}

const mostAtOnce = 128
const mostForOneReceiver = 16

export function createDispatcher(options: DispatcherOptions): Dispatcher {
  const { storage, clock, logger, outbound, attemptMs, onAttemptEnded } = options
  const lines = createReceiverLines({ clock, most: mostAtOnce, mostForOne: mostForOneReceiver, onEnd: onAttemptEnded })
  // Longer than it may wait and take, so that a lease ends only with its node.
  const leaseMs = attemptMs * 2
  const handingBack = new Set<Promise<unknown>>()
  let isClosed = false

  async function deliver(claimed: DeliveryState): Promise<void> {
    try {
      const delivery = await withPayload(claimed)
      const outcome = await attemptDelivery(clock, outbound, delivery)
      const { value } = outcome
      const last = value.attempts.at(-1)
      const fields = { delivery: value.id, partner: value.partner, datapoint: value.datapoint, status: value.status }
      if (last?.error) logger.warn('A callback attempt failed', { ...fields, error: last.error })
      else logger.info('A callback was delivered', fields)
      // The lease ran out, or the session was deleted: the outcome belongs to whoever holds the delivery now.
      if (!(await recordOutcome(options, delivery, outcome))) logger.debug('A callback outcome came too late', fields)
    } catch (error) {
      // The lease ends by itself and the delivery is attempted again.
      logger.warn('A callback attempt could not be written down', { error: String(error) })
    }
  }

  /** A delivery that was owed before there was a payload takes the one that is there now. */
  async function withPayload(delivery: DeliveryState): Promise<DeliveryState> {
    if (delivery.body !== null) return delivery
    const payload = await findPayload(storage, clock, delivery.value)
    if (payload === null) return delivery
    return { ...delivery, value: { ...delivery.value, contentType: payload.value.contentType }, body: payload.body }
  }

  /** It stays as due as it was; only the lease ends at another time. Where that cannot be written, it ends by itself. */
  function handBack({ value, body, version }: DeliveryState, waitMs: number): void {
    const operation = putDelivery(value, body, version, { dueAt: clock.now() + waitMs })
    const writing = storage.write([operation]).then(
      () => options.wrote([operation]),
      (error: unknown) => logger.warn('A callback could not be put off', { error: String(error) }),
    )
    handingBack.add(writing)
    writing.finally(() => handingBack.delete(writing))
  }

  function begin(record: StoredRecord): void {
    try {
      const delivery = readDelivery(record)
      lines.enter(receiverOf(delivery.value.url), {
        run: () => deliver(delivery),
        handBack: (waitMs) => handBack(delivery, waitMs),
      })
    } catch (error) {
      logger.warn('A callback could not be read', { error: String(error) })
    }
  }

  return {
    async look() {
      lines.review()
      // Before the next claim, so that there are never more of them than fit into one.
      await Promise.all(handingBack)
      const limit = lines.room()
      if (isClosed || limit <= 0) return null
      const { works, nextDueAt } = await claimDue(storage, clock, deliveryDues, { limit, leaseMs })
      for (const { record } of works) begin(record)
      return nextDueAt
    },
    async close() {
      isClosed = true
      await lines.close()
      await Promise.all(handingBack)
    },
  }
}

/** Those of one origin share their connections, and hang together. */
function receiverOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : ''
}
