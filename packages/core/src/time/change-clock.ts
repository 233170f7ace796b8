import { ImnotError } from '../errors.ts'
import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { PutOperation, Storage } from '../ports/storage.ts'
import { putSession, readSession } from '../sessions/session-record.ts'
import { putEpoch, readEpoch } from './epoch.ts'
import { isWalked, type ScopeClock, wallTime } from './scope-clock.ts'

export interface ClockServices {
  readonly storage: Storage
  readonly clock: Clock
}

/** How long one who wants to change a clock waits for another who walks it. */
const patienceMs = 90_000
const pauseMs = 20

/**
 * Replaces a scope's clock, once nobody else walks it; a walker names itself as `by`. Resolves to the clock as it is
 * afterwards; null where the session is not there.
 */
export async function changeClock(
  { storage, clock }: ClockServices,
  session: string | null,
  change: (before: ScopeClock, wallNow: number) => ScopeClock,
  by: string | null = null,
): Promise<ScopeClock | null> {
  const start = clock.now()
  for (;;) {
    const holder = await readHolder(storage, clock, session)
    if (holder === null) return null
    const wallNow = clock.now()
    const isOthers = isWalked(holder.clock, wallNow) && holder.clock.walk?.by !== by
    if (!isOthers) {
      const next = change(holder.clock, wallNow)
      if ((await storage.write([holder.put(next)])).ok) return next
    }
    if (wallNow - start > patienceMs)
      throw new ImnotError('STORAGE_BUSY', 'Somebody else is advancing this clock; try again when that is done.')
    await clock.sleep(isOthers ? pauseMs : Math.random() * 5)
  }
}

interface Holder {
  readonly clock: ScopeClock
  readonly put: (clock: ScopeClock) => PutOperation
}

/** The record that holds the clock: the session's, or the epoch. */
async function readHolder(storage: Storage, clock: Clock, session: string | null): Promise<Holder | null> {
  const [record = null] = await storage.get([session === null ? keys.epoch : keys.session(session)])
  if (session === null) {
    const { version, value } = readEpoch(record)
    return { clock: value.clock, put: (next) => putEpoch({ ...value, clock: next }, version) }
  }
  const state = readSession(record, clock.now())
  if (state === null) return null
  const { value, version } = state
  return { clock: value.clock ?? wallTime, put: (next) => putSession({ ...value, clock: next }, version) }
}
