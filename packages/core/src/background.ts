import { isImnotError } from './errors.ts'
import type { Clock } from './ports/clock.ts'
import type { Logger } from './ports/logger.ts'

/** Work that is done again and again beside the requests. */
export interface Background {
  /** Does it as soon as can be. */
  wake(): void
  /** Does it at this time of the clock, where it would be later else. */
  wakeBy(at: number): void
  /** Begins no further round and resolves when the one under way is done. */
  close(): Promise<void>
}

export interface BackgroundOptions {
  readonly name: string
  readonly clock: Clock
  readonly logger: Logger
  /** One round. Resolves to when there is something to do again, by the clock; null where that is not known. */
  readonly round: () => Promise<number | null>
  /** The longest pause between two rounds, in milliseconds. */
  readonly everyMs: number
}

/** Begins with a round at once. A failed round is tried again after the pause; it never ends the work. */
export function startBackground({ name, clock, logger, round, everyMs }: BackgroundOptions): Background {
  let isClosed = false
  let isAsked = false
  let current: Promise<void> | null = null
  let cancel = () => {}
  let nextAt = 0

  async function run(): Promise<void> {
    let pauseMs = everyMs
    do {
      isAsked = false
      pauseMs = await roundOnce()
    } while (!isClosed && (isAsked || pauseMs <= 0))
    current = null
    if (!isClosed) pauseUntil(clock.now() + pauseMs)
  }

  function pauseUntil(at: number): void {
    cancel()
    nextAt = at
    cancel = clock.after(at - clock.now(), wake)
  }

  async function roundOnce(): Promise<number> {
    try {
      const dueAt = await round()
      return dueAt === null ? everyMs : Math.min(everyMs, dueAt - clock.now())
    } catch (error) {
      if (!isClosed && !isImnotError(error, 'STORAGE_CLOSED'))
        logger.warn(`The ${name} failed; it is tried again`, { error: String(error) })
      return everyMs
    }
  }

  function wake(): void {
    if (isClosed) return
    if (current !== null) {
      isAsked = true
      return
    }
    cancel()
    current = run()
  }

  wake()
  return {
    wake,
    wakeBy(at) {
      if (at <= clock.now()) wake()
      else if (current !== null) isAsked = true
      else if (!isClosed && at < nextAt) pauseUntil(at)
    },
    async close() {
      isClosed = true
      cancel()
      await current
    },
  }
}
