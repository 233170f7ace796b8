import { afterPause, PATIENCE_MS } from './busy-retry.ts'
import { explained, isBusy } from './sqlite-errors.ts'
import type { Statements } from './statements.ts'

/** So many at most share a transaction, so that other work of the event loop gets its turn. */
const LARGEST_GROUP = 256

/** All or nothing by itself: it looks before it changes anything. May run more than once, the earlier runs undone. */
export type Job<T> = () => T

export interface GroupCommit {
  /** Runs the job in a write transaction; resolves after its commit. */
  run<T>(job: Job<T>): Promise<T>
  /** Resolves when nothing is waiting any more. */
  idle(): Promise<void>
}

interface GroupCommitOptions {
  readonly path: string
  readonly statements: Statements
  /** Called after each rollback. */
  readonly onRollback: () => void
}

interface Waiting {
  readonly job: Job<unknown>
  readonly since: number
  readonly resolve: (result: unknown) => void
  readonly reject: (error: unknown) => void
}

/**
 * Jobs that are asked for in one turn of the event loop share one transaction: its commit costs more than most jobs.
 * `setImmediate` ends the turn, not a microtask, since each request of a server comes in a callback of its own.
 */
export function createGroupCommit({ path, statements, onRollback }: GroupCommitOptions): GroupCommit {
  let waiting: Waiting[] = []
  let isScheduled = false
  let failures = 0
  /** So many of the first get a transaction of their own. */
  let alone = 0
  const idleListeners: (() => void)[] = []

  function schedule(): void {
    if (isScheduled) return
    isScheduled = true
    setImmediate(flush)
  }

  function flush(): void {
    const group = waiting.slice(0, alone > 0 ? 1 : LARGEST_GROUP)
    try {
      const results = transact(group)
      group.forEach(({ resolve }, index) => {
        resolve(results[index])
      })
      drop(group)
    } catch (error) {
      if (isBusy(error)) {
        waitForLock(error)
        return
      }
      if (group.length > 1) {
        // One of them failed, perhaps because it alone is too large for the disk: the others must not suffer for it.
        alone = group.length
      } else {
        for (const { reject } of group) reject(explained(error, path))
        drop(group)
      }
    }
    afterFlush()
  }

  function drop(group: readonly Waiting[]): void {
    waiting = waiting.slice(group.length)
    alone = Math.max(0, alone - group.length)
  }

  function afterFlush(): void {
    isScheduled = false
    failures = 0
    if (waiting.length > 0) schedule()
    else for (const listener of idleListeners.splice(0)) listener()
  }

  function transact(group: readonly Waiting[]): unknown[] {
    statements.beginImmediate.run()
    try {
      const results = group.map(({ job }) => job())
      statements.commit.run()
      return results
    } catch (error) {
      rollBack()
      throw error
    }
  }

  function rollBack(): void {
    onRollback()
    try {
      statements.rollback.run()
    } catch {
      // After some failures (a full disk, say) SQLite has rolled back already.
    }
  }

  function waitForLock(error: unknown): void {
    const now = performance.now()
    const isPatient = ({ since }: Waiting) => now - since < PATIENCE_MS
    for (const { reject } of waiting.filter((job) => !isPatient(job))) reject(explained(error, path))
    waiting = waiting.filter(isPatient)
    if (waiting.length === 0) afterFlush()
    else afterPause(failures++, flush)
  }

  return {
    run<T>(job: Job<T>): Promise<T> {
      return new Promise<T>((resolve, reject) => {
        waiting.push({ job, since: performance.now(), resolve: resolve as Waiting['resolve'], reject })
        schedule()
      })
    },

    async idle() {
      if (waiting.length > 0) await new Promise<void>((resolve) => idleListeners.push(resolve))
    },
  }
}
