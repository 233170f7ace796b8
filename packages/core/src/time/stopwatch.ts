import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { type ClockReading, readClock } from './clock-reading.ts'
import { isFrozen, isWalked, type ScopeClock, timeOn } from './scope-clock.ts'

/** Resolves when so many milliseconds have passed since it was started, by the clock of its scope, or nobody waits any more. */
export type Stopwatch = (elapsedMs: number, isOver?: () => boolean) => Promise<void>

/** Starts one at the time of the reading. */
export type StartStopwatch = (reading: ClockReading) => Stopwatch

export interface StopwatchServices {
  readonly storage: Storage
  readonly clock: Clock
  /** The global clock as this node saw it last. */
  readonly globalClock: () => ScopeClock
}

/** So soon a wait hears that its clock was moved; a shorter wait asks nobody. */
const lookMs = 250

/**
 * For what somebody waits for while a request is open. An advance ends the wait, a frozen clock holds it, the end of the
 * session ends it; a clock that is set back makes it no longer than it was.
 */
export function stopwatches({ storage, clock, globalClock }: StopwatchServices): StartStopwatch {
  async function look({ session }: ClockReading, last: ScopeClock): Promise<ScopeClock | null> {
    if (session === null) return globalClock()
    // Nobody is to wait longer, or shorter, because the storage is away.
    const reading = await readClock(storage, clock, session).catch(() => undefined)
    return reading === undefined ? last : (reading?.clock ?? null)
  }

  return (reading) => {
    const started = clock.now()
    let known = reading.session === null ? globalClock() : reading.clock
    const startedAt = timeOn(known, started)

    return async (elapsedMs, isOver = () => false) => {
      while (!isOver()) {
        const now = clock.now()
        const stands = isFrozen(known) || isWalked(known, now)
        const byScope = startedAt + elapsedMs - timeOn(known, now)
        const left = stands ? byScope : Math.min(byScope, started + elapsedMs - now)
        if (left <= 0) return
        await clock.sleep(Math.min(left, lookMs))
        if (left < lookMs && !stands) continue
        const seen = await look(reading, known)
        if (seen === null) return
        known = seen
      }
    }
  }
}
