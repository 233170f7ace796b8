import { ImnotError } from '../errors.ts'
import type { Clock } from '../ports/clock.ts'

/** How long a write may go on losing races against other nodes before the request is refused. */
const patienceMs = 2000

/** An attempt that lost a race and is to be made again from the reading on. */
export const lostRace = Symbol('lost race')

/**
 * Makes the attempt until it does not lose a race. Between attempts it waits longer and longer, with jitter, so that nodes
 * do not meet again at the same moment. Throws `STORAGE_BUSY` after two seconds.
 */
export async function untilWon<T>(clock: Clock, attempt: () => Promise<T | typeof lostRace>): Promise<T> {
  const start = clock.now()
  for (let round = 0; ; round++) {
    const result = await attempt()
    if (result !== lostRace) return result as T
    if (clock.now() - start >= patienceMs) {
      throw new ImnotError(
        'STORAGE_BUSY',
        'Too many requests change the same flow at the same time; try again in a moment.',
      )
    }
    const pauseMs = Math.random() * Math.min(50, 2 ** round)
    await clock.sleep(pauseMs)
  }
}
