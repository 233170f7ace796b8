import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { keys } from '../keys.ts'
import { findPayload } from '../payloads/find-payload.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { everyScope } from '../sessions/every-scope.ts'
import { readOwner } from '../sessions/owners.ts'
import { everyRecord } from '../storage/every-record.ts'
import { readClock } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import { type DeliveryState, type DeliveryValue, putDelivery, readDelivery } from './delivery-record.ts'
import { withKey } from './signing/signing.ts'

/** The ledger of callbacks. */
export interface DeliveryStore {
  /** Newest first. `session` absent: of every session and the global scope; null: of the global scope alone. */
  list(filter?: { readonly session?: string | null }): Promise<DeliveryValue[]>
  find(id: string): Promise<DeliveryState | null>
  /** Owes the delivery anew, with all its retries. Null where it is unknown, or its session is gone. */
  redeliver(id: string, what: 'same-bytes' | 'current-payload'): Promise<DeliveryValue | null>
}

export interface DeliveryStoreOptions {
  readonly storage: Storage
  readonly clock: Clock
  /** As in `PatternServices`. */
  readonly environment: (name: string) => string | undefined
  readonly wrote: (operations: readonly WriteOperation[]) => void
}

export function createDeliveryStore({ storage, clock, environment, wrote }: DeliveryStoreOptions): DeliveryStore {
  async function find(id: string): Promise<DeliveryState | null> {
    const shared = keys.delivery(keys.scope(null), id)
    const [[record = null], [owner]] = await Promise.all([
      storage.get([shared]),
      storage.list(keys.ownersOfId(id), { limit: 1 }),
    ])
    if (record !== null) return readDelivery(record)
    if (owner === undefined) return null
    const [own = null] = await storage.get([keys.delivery(keys.scope(readOwner(owner.value)), id)])
    return own === null ? null : readDelivery(own)
  }

  return {
    async list({ session } = {}) {
      const prefixes = session === undefined ? await everyScope(storage, clock) : [keys.scope(session)]
      const values: DeliveryValue[] = []
      for (const prefix of prefixes) {
        for await (const record of everyRecord(storage, keys.deliveries(prefix), { bodies: true }))
          values.push(readDelivery(record).value)
      }
      return values.sort((a, b) => b.createdAt - a.createdAt)
    },

    find,

    redeliver(id, what) {
      return untilWon(clock, async () => {
        const delivery = await find(id)
        const scope = delivery === null ? null : await readClock(storage, clock, delivery.value.session)
        if (delivery === null || scope === null) return null
        const payload =
          what === 'same-bytes' && delivery.body !== null ? null : await findPayload(storage, clock, delivery.value)
        const value: DeliveryValue = {
          ...delivery.value,
          contentType: payload?.value.contentType ?? delivery.value.contentType,
          status: 'pending',
          attemptsLeft: delivery.value.retry.attempts,
          isRepeat: false,
          signing: withKey(delivery.value.signing, environment),
          due: dueBy(scope, scope.now),
        }
        const operations = [putDelivery(value, payload?.body ?? delivery.body, delivery.version), scope.check]
        const result = await storage.write(operations)
        if (!result.ok) return lostRace
        wrote(operations)
        return value
      })
    },
  }
}
