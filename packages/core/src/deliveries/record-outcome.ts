import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { type ClockReading, readClock } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import type { AttemptOutcome } from './attempt.ts'
import { type DeliveryState, type DeliveryValue, putDelivery, readDelivery } from './delivery-record.ts'
import { type Lane, putLane, readLane } from './lane.ts'

export interface OutcomeServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly wrote: (operations: readonly WriteOperation[]) => void
}

/**
 * Writes down what became of an attempt, and lets the next delivery of the lane go where this one has ended. False where the
 * delivery is no longer this node's, or its session is gone.
 */
export async function recordOutcome(
  { storage, clock, wrote }: OutcomeServices,
  delivery: DeliveryState,
  { value, retryInMs }: AttemptOutcome,
): Promise<boolean> {
  if (retryInMs === null && value.lane === null) {
    return (await storage.write([putDelivery(value, delivery.body, delivery.version)])).ok
  }
  return untilWon(clock, async () => {
    // A retry is due by the clock of now.
    const scope = await readClock(storage, clock, value.session)
    if (scope === null) return false
    const due = retryInMs === null ? null : dueBy(scope, scope.now + retryInMs)
    const operations = [
      putDelivery({ ...value, due }, delivery.body, delivery.version),
      scope.check,
      ...(value.lane === null ? [] : await laneOperations(storage, value.lane, value, scope)),
    ]
    const result = await storage.write(operations)
    if (result.ok) wrote(operations)
    return result.ok || result.conflict.index === 0 ? result.ok : lostRace
  })
}

async function laneOperations(
  storage: Storage,
  key: string,
  value: DeliveryValue,
  scope: ClockReading,
): Promise<WriteOperation[]> {
  const [record = null] = await storage.get([key])
  const lane = readLane(key, record)
  const last = value.attempts.at(-1)
  const attempts = last === undefined ? lane.attempts : [...lane.attempts, { ...last, delivery: value.id }]
  const isHead = lane.waiting[0] === value.id
  if (value.status === 'pending') return [putLane({ ...lane, attempts })]
  const left = lane.waiting.filter((id) => id !== value.id)
  if (!isHead) return [putLane({ ...lane, attempts, waiting: left })]
  const next = await nextOf(storage, { ...lane, waiting: left }, value.session)
  const waiting = next === null ? [] : left.slice(left.indexOf(next.value.id))
  return [putLane({ ...lane, attempts, waiting }), ...(next === null ? [] : [letGo(next, scope)])]
}

/** The first of the lane that is still to be sent; one that was deleted, or sent out of turn, is passed over. */
async function nextOf(storage: Storage, lane: Lane, session: string | null): Promise<DeliveryState | null> {
  for (const id of lane.waiting) {
    const [record = null] = await storage.get([keys.delivery(keys.scope(session), id)])
    const delivery = record === null ? null : readDelivery(record)
    if (delivery?.value.status === 'pending') return delivery
  }
  return null
}

function letGo({ value, body, version }: DeliveryState, scope: ClockReading): WriteOperation {
  const due = dueBy(scope, value.due?.at ?? scope.now)
  return putDelivery({ ...value, due }, body, version)
}
