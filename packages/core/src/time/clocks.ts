import { type Advanced, advanceClock } from './advance-clock.ts'
import { changeClock } from './change-clock.ts'
import { type ClockReading, readClock } from './clock-reading.ts'
import type { WalkServices } from './finish-due.ts'
import { frozen, reset, type ScopeClock, unfrozen } from './scope-clock.ts'
import { dueAllAnew } from './scope-dues.ts'

/** The clocks of the sessions and of the global scope (null), for those who look at them and set them from outside. */
export interface Clocks {
  /** Null where the session is not there; so for the others. */
  read(session: string | null): Promise<ClockReading | null>
  /** Resolves when all that is due by then is applied. `settle` also waits for attempts, and walks their retries. */
  advance(
    session: string | null,
    options: { readonly byMs: number; readonly settle: boolean },
  ): Promise<(ClockReading & Advanced) | null>
  /** It stands, and what comes later is not due. */
  freeze(session: string | null): Promise<ClockReading | null>
  /** It runs on from where it stood. */
  unfreeze(session: string | null): Promise<ClockReading | null>
  /** The wall clock's time again; undoes nothing. */
  reset(session: string | null): Promise<ClockReading | null>
}

export function createClocks(services: WalkServices): Clocks {
  const { storage, clock, kinds } = services

  /** Makes everything due anew, and lets whoever works look again. */
  async function settleIn(session: string | null): Promise<ClockReading | null> {
    const reading = await readClock(storage, clock, session)
    if (reading === null) return null
    await dueAllAnew(storage, kinds, reading)
    services.clockChanged()
    return reading
  }

  async function set(session: string | null, change: (before: ScopeClock, wallNow: number) => ScopeClock) {
    return (await changeClock(services, session, change)) === null ? null : settleIn(session)
  }

  return {
    read: (session) => readClock(storage, clock, session),
    async advance(session, options) {
      const advanced = await advanceClock(services, session, options)
      const reading = advanced === null ? null : await settleIn(session)
      return advanced === null || reading === null ? null : { ...reading, ...advanced }
    },
    freeze: (session) => set(session, frozen),
    unfreeze: (session) => set(session, unfrozen),
    reset: (session) => set(session, reset),
  }
}
