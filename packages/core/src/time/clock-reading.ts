import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { CheckOperation, Storage, StoredRecord } from '../ports/storage.ts'
import { readSession, type SessionState } from '../sessions/session-record.ts'
import { readEpoch } from './epoch.ts'
import { type ScopeClock, timeOn, wallTime } from './scope-clock.ts'

/** The clock of a scope as it was read. */
export interface ClockReading {
  /** A session's id; null is the global scope. */
  readonly session: string | null
  readonly clock: ScopeClock
  /** The scope's time, in milliseconds since the epoch. */
  readonly now: number
  /** Goes with each write of something that is due by this clock: the write fails where the clock was changed meanwhile. */
  readonly check: CheckOperation
}

export function sessionClock({ key, version, value }: SessionState, wallNow: number): ClockReading {
  const clock = value.clock ?? wallTime
  return { session: value.id, clock, now: timeOn(clock, wallNow), check: { type: 'check', key, expect: version } }
}

/** Of the epoch's record. */
export function globalClock(record: StoredRecord | null, wallNow: number): ClockReading {
  const { version, value } = readEpoch(record)
  const { clock } = value
  const expect = version === 0 ? 'absent' : version
  return { session: null, clock, now: timeOn(clock, wallNow), check: { type: 'check', key: keys.epoch, expect } }
}

/** The clocks of these scopes in one storage call, by session. Sessions that are not there are left out. */
export async function readClocks(
  storage: Storage,
  clock: Clock,
  sessions: Iterable<string | null>,
): Promise<Map<string | null, ClockReading>> {
  const scopes = [...new Set(sessions)]
  const records = await storage.get(scopes.map((session) => (session === null ? keys.epoch : keys.session(session))))
  const readings = new Map<string | null, ClockReading>()
  scopes.forEach((session, index) => {
    const record = records[index] ?? null
    const state = session === null ? null : readSession(record, clock.now())
    if (session === null) readings.set(null, globalClock(record, clock.now()))
    else if (state !== null) readings.set(session, sessionClock(state, clock.now()))
  })
  return readings
}

/** Null where the session is not there. */
export async function readClock(storage: Storage, clock: Clock, session: string | null): Promise<ClockReading | null> {
  return (await readClocks(storage, clock, [session])).get(session) ?? null
}
