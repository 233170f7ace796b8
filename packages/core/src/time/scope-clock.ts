/**
 * The clock of a session, or of the global scope: what its time is, derived from the wall clock. It is kept in the record
 * that each request reads anyway.
 */
export type ScopeClock = {
  /** Another one after each change; what is due keeps the revision that its wall-clock time was derived from. */
  readonly revision: number
  /** The scope's time minus the wall clock's, in milliseconds. */
  readonly offsetMs: number
  /** The time at which it stands; null while it runs. */
  readonly standsAt: number | null
  /** Held by somebody who moves it from due to due; null else. */
  readonly walk: Walk | null
}

type Walk = {
  readonly by: string
  /** Wall-clock time. A walker that died holds the clock no longer than until then. */
  readonly until: number
  /** Whether the clock runs once it is let go. */
  readonly runsOn: boolean
}

/** A clock that nobody has touched: the wall clock. */
export const wallTime: ScopeClock = { revision: 0, offsetMs: 0, standsAt: null, walk: null }

/** The storage's "never": the last day of the year 9999. */
const never = 253_402_214_400_000

export function isWalked(clock: ScopeClock, wallNow: number): boolean {
  return clock.walk !== null && wallNow < clock.walk.until
}

/** Whether somebody wanted it to stand, apart from a walk. */
export function isFrozen(clock: ScopeClock): boolean {
  return clock.standsAt !== null && clock.walk?.runsOn !== true
}

export function timeOn(clock: ScopeClock, wallNow: number): number {
  const stands = clock.standsAt !== null && (isFrozen(clock) || isWalked(clock, wallNow))
  return stands ? (clock.standsAt ?? wallNow) : wallNow + clock.offsetMs
}

/** The wall-clock time at which the moment comes, as things are. What is due by a frozen clock's time is due; what comes later is not. */
export function wallTimeOf(clock: ScopeClock, moment: number): number {
  const usual = Math.ceil(moment - clock.offsetMs)
  if (clock.standsAt === null || moment <= clock.standsAt) return usual
  return clock.walk?.runsOn === true ? Math.max(usual, clock.walk.until) : never
}

export function frozen(clock: ScopeClock, wallNow: number): ScopeClock {
  const time = timeOn(clock, wallNow)
  return { revision: clock.revision + 1, offsetMs: time - wallNow, standsAt: time, walk: null }
}

/** Runs on from where it stood. */
export function unfrozen(clock: ScopeClock, wallNow: number): ScopeClock {
  return { ...frozen(clock, wallNow), standsAt: null }
}

/** The wall clock's time again. What was applied stays applied. */
export function reset(clock: ScopeClock): ScopeClock {
  return { ...wallTime, revision: clock.revision + 1 }
}

const holdMs = 30_000

/** Stands at the moment, for the walker alone to move. */
export function walked(clock: ScopeClock, by: string, moment: number, wallNow: number): ScopeClock {
  return {
    revision: clock.revision + 1,
    offsetMs: moment - wallNow,
    standsAt: moment,
    walk: { by, until: wallNow + holdMs, runsOn: clock.walk?.by === by ? clock.walk.runsOn : !isFrozen(clock) },
  }
}

/** Let go at the moment: it runs on from there, or goes on standing. */
export function released(clock: ScopeClock, moment: number, wallNow: number): ScopeClock {
  return {
    revision: clock.revision + 1,
    offsetMs: moment - wallNow,
    standsAt: isFrozen(clock) ? moment : null,
    walk: null,
  }
}
