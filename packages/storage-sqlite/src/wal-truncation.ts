import type { SqliteStatement } from './drivers/driver.ts'

/** For content that was deleted. */
export const SOON_MS = 50
/** For content that was only replaced. */
export const LATER_MS = 60_000

const SHORTEST_INTERVAL_MS = 1000
const RETRY_MS = 100

/**
 * Empties the write-ahead log into the database, where deleted content is zeros already. Until then the log still holds what was
 * deleted. It costs a sync of the disk, so it happens at most once a second, and never in the turn that asked for it.
 */
export function createWalTruncation(truncate: SqliteStatement) {
  let timer: NodeJS.Timeout | undefined
  let dueAt = Number.POSITIVE_INFINITY
  let lastAt = Number.NEGATIVE_INFINITY
  let isStopped = false

  function request(withinMs: number): void {
    const at = Math.max(performance.now() + withinMs, lastAt + SHORTEST_INTERVAL_MS)
    if (isStopped || at >= dueAt) return
    schedule(at)
  }

  function schedule(at: number): void {
    clearTimeout(timer)
    dueAt = at
    timer = setTimeout(run, Math.max(0, at - performance.now()))
    // A process that ends without close() leaves the log to the next one that opens the database.
    timer.unref()
  }

  function run(): void {
    dueAt = Number.POSITIVE_INFINITY
    lastAt = performance.now()
    if (!tryNow()) schedule(lastAt + RETRY_MS)
  }

  /** False when another connection is just reading or writing, or the disk refuses: both may be over soon. */
  function tryNow(): boolean {
    try {
      return (truncate.get() as { readonly busy: number }).busy === 0
    } catch {
      return false
    }
  }

  return {
    /** Soon, at the latest after so many milliseconds, as far as the shortest interval allows. */
    request,
    tryNow,
    stop(): void {
      isStopped = true
      clearTimeout(timer)
    },
  }
}
