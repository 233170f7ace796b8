import { randomUUID } from 'node:crypto'
import { changeClock } from './change-clock.ts'
import { readClock } from './clock-reading.ts'
import { finishDue, type WalkServices } from './finish-due.ts'
import { isFrozen, released, type ScopeClock, timeOn, walked } from './scope-clock.ts'
import { listDues, type Waiting } from './scope-dues.ts'

export interface Advanced {
  /** How much was applied on the way; with `settle` also each attempt. */
  readonly applied: number
  /** False where something took too long: the clock was let go before it came to where it should. */
  readonly arrived: boolean
}

/** How long a walk may take, in milliseconds of the wall clock. */
const longestWalkMs = 60_000

/**
 * Moves the clock on, from due to due in order: at each it stands until what is due there is applied. With `settle` it
 * stops at attempts too, waits until they are made, and so walks their retries. Null where the session is not there.
 */
export async function advanceClock(
  services: WalkServices,
  session: string | null,
  { byMs, settle }: { readonly byMs: number; readonly settle: boolean },
): Promise<Advanced | null> {
  const { storage, clock, kinds } = services
  const by = randomUUID()
  const standAt = (moment: number | null) =>
    changeClock(
      services,
      session,
      (before, wallNow) => walked(before, by, moment ?? timeOn(before, wallNow), wallNow),
      by,
    )

  const held = await standAt(null)
  if (held === null) return null
  const deadline = clock.now() + longestWalkMs
  let now = held.standsAt ?? 0
  const goal = now + byMs
  const { offsetMs } = held
  let applied = 0

  const isStop = ({ kind, due }: Waiting) => due.at <= goal && (settle || kind.apply !== undefined)
  const list = async () => (await listDues(storage, kinds, session)).filter(isStop)

  /** Applies what is due next. False where nothing is. */
  async function walkOn(ahead: Waiting[]): Promise<boolean> {
    const first = ahead[0]
    if (first === undefined) return false
    now = Math.max(now, first.due.at)
    const stop = ahead.filter(({ due }) => due.at <= now)
    ahead.splice(0, stop.length)
    const reading = (await standAt(now)) === null ? null : await readClock(storage, clock, session)
    if (reading === null) return false
    // Attempts side by side, since a receiver may hang; all else one after the other.
    const attempts = stop.filter(({ kind }) => kind.apply === undefined)
    const attempting = attempts.map((waiting) => finishDue(services, waiting, reading, deadline))
    const followed: Waiting[] = []
    for (const waiting of stop) {
      if (waiting.kind.apply !== undefined) followed.push(...(await finishDue(services, waiting, reading, deadline)))
    }
    followed.push(...(await Promise.all(attempting)).flat())
    applied += stop.length
    ahead.push(...followed.filter(isStop))
    ahead.sort((a, b) => a.due.at - b.due.at)
    return true
  }

  /** A clock that runs on is as far ahead as was asked for: the walk itself took time as well. */
  function letGo(before: ScopeClock, wallNow: number): ScopeClock {
    const runsOn = now === goal && !isFrozen(before)
    return released(before, runsOn ? Math.max(goal, wallNow + offsetMs + byMs) : now, wallNow)
  }

  try {
    for (let ahead = await list(); ahead.length > 0; ahead = await list()) {
      while (await walkOn(ahead)) if (clock.now() > deadline) return { applied, arrived: false }
    }
    now = goal
    return { applied, arrived: true }
  } finally {
    await changeClock(services, session, letGo, by)
  }
}
