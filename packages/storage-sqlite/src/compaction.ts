import type { SqliteDatabase } from './drivers/driver.ts'

/** Measured: 4 ms for each MB, in which nothing else runs. */
const LARGEST_WHILE_OPEN_BYTES = 16_000_000
const LARGEST_AT_CLOSE_BYTES = 64_000_000
const QUIET_MS = 10_000
const SHORTEST_INTERVAL_MS = 60_000

interface CompactionOptions {
  readonly db: SqliteDatabase
  /** Everything was written anew, and is in the log. */
  readonly onCompacted: () => void
}

/**
 * Writes the database anew some seconds after something was deleted, when it is not large. `secure_delete` clears the place of a
 * deleted row, but not the copies that SQLite leaves in unused space when it moves rows between pages: rarely, and some hundred bytes.
 */
export function createCompaction({ db, onCompacted }: CompactionOptions) {
  let timer: NodeJS.Timeout | undefined
  let hasDeleted = false
  let lastAt = Number.NEGATIVE_INFINITY

  function schedule(): void {
    const wait = Math.max(QUIET_MS, lastAt + SHORTEST_INTERVAL_MS - performance.now())
    timer = setTimeout(run, wait)
    timer.unref()
  }

  function run(): void {
    timer = undefined
    lastAt = performance.now()
    if (compact(LARGEST_WHILE_OPEN_BYTES)) onCompacted()
    else if (hasDeleted) schedule()
  }

  function compact(largestBytes: number): boolean {
    if (!hasDeleted || liveBytes(db) > largestBytes) return false
    try {
      db.exec('VACUUM')
    } catch {
      // Another process is using the database, or the disk is full: the next time will do.
      return false
    }
    hasDeleted = false
    return true
  }

  return {
    afterDelete(): void {
      hasDeleted = true
      if (timer === undefined) schedule()
    },

    /** Compacts a last time. */
    stop(): void {
      clearTimeout(timer)
      compact(LARGEST_AT_CLOSE_BYTES)
    },
  }
}

function liveBytes(db: SqliteDatabase): number {
  const { bytes } = db
    .prepare(
      'SELECT (page_count - freelist_count) * page_size AS bytes FROM pragma_page_count, pragma_freelist_count, pragma_page_size',
    )
    .get() as { readonly bytes: number }
  return bytes
}
