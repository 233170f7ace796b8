import type { SqliteStatement } from './drivers/driver.ts'

const BLOCK_SIZE = 1000

export type Versions = ReturnType<typeof createVersions>

/**
 * Hands out versions that no other connection ever hands out. They are reserved in blocks, since touching the counter's row in each
 * transaction costs a fifth of it. A version left over at the end is never used.
 */
export function createVersions(reserve: SqliteStatement) {
  let next = 0
  let end = 0

  return {
    /** Only within a write transaction: the reservation is committed with what is written on it. */
    take(): number {
      if (next === end) {
        next = (reserve.get(BLOCK_SIZE, BLOCK_SIZE) as { readonly first: number }).first
        end = next + BLOCK_SIZE
      }
      return next++
    },

    /** After a rollback, which may have undone a reservation. */
    forget(): void {
      next = end
    },
  }
}
