import type { GroupCommit } from './group-commit.ts'
import type { Statements } from './statements.ts'

const INTERVAL_MS = 1000
/** A small portion, since it shares the transaction of what others wait for. */
const PORTION = 200

interface ExpiryOptions {
  readonly statements: Statements
  readonly group: GroupCommit
  readonly now: () => number
  readonly onErased: () => void
}

/** Erases what has expired, in portions. What has expired is hidden by every query anyway, so nobody waits for this. */
export function createExpiry({ statements, group, now, onErased }: ExpiryOptions) {
  let lookAgainAt = Number.NEGATIVE_INFINITY
  let isStopped = false

  function erasePortion(): number {
    const moment = now()
    const records = Number(statements.removeExpiredRecords.run(moment, PORTION).changes)
    return records + Number(statements.removeExpiredCounters.run(moment, PORTION).changes)
  }

  async function erase(): Promise<void> {
    try {
      const erased = await group.run(erasePortion)
      if (erased >= PORTION) lookAgainAt = Number.NEGATIVE_INFINITY
      if (erased > 0) onErased()
    } catch {
      // A busy or full database: the next look tries again.
    }
  }

  return {
    /** Called by whatever the storage is used for; looks once a second at most. */
    tick(): void {
      if (isStopped || performance.now() < lookAgainAt) return
      lookAgainAt = performance.now() + INTERVAL_MS
      const moment = now()
      const { found } = statements.anyExpired.get(moment, moment) as { readonly found: number }
      if (found === 1) void erase()
    },

    stop(): void {
      isStopped = true
    },
  }
}
