import type { Database } from './connection/database.ts'
import type { Statements } from './statements.ts'

const INTERVAL_MS = 1000
const PORTION = 500

/** Erases what has expired, in portions. What has expired is hidden by every statement anyway, so nobody waits for this. */
export function createExpiry({ ask }: Database, { eraseExpired }: Statements) {
  let lookAgainAt = performance.now() + INTERVAL_MS

  async function erase(): Promise<void> {
    try {
      const { rows } = await ask(eraseExpired(PORTION))
      const { most } = rows[0] as { readonly most: number }
      if (most >= PORTION) lookAgainAt = Number.NEGATIVE_INFINITY
    } catch {
      // The database is away: whoever uses the storage hears of it, and the next look tries again.
    }
  }

  return {
    /** Called by whatever writes; looks once a second at most. */
    tick(): void {
      if (performance.now() < lookAgainAt) return
      lookAgainAt = performance.now() + INTERVAL_MS
      void erase()
    },
  }
}
