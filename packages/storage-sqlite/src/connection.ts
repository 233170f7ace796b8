import type { BigIntStats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { ImnotError } from '@imnot/core'
import { createChangeWatch } from './change-watch.ts'
import { createCompaction } from './compaction.ts'
import type { SqliteDriver } from './drivers/driver.ts'
import { createExpiry } from './expiry.ts'
import { createGroupCommit } from './group-commit.ts'
import { createGroupRead } from './group-read.ts'
import { openDatabase } from './open-database.ts'
import { prepareStatements } from './statements.ts'
import { createVersions } from './versions.ts'
import { createWalTruncation, LATER_MS, SOON_MS } from './wal-truncation.ts'

export interface ConnectionOptions {
  readonly path: string
  readonly driver: SqliteDriver
  readonly synchronous: 'NORMAL' | 'FULL'
  readonly now: () => number
}

/** A process that was killed may have left a log behind. */
const AFTER_START_MS = 1000

export type Connection = Awaited<ReturnType<typeof openConnection>>

/** An open database with all that works on it, from `init()` to `close()`. */
export async function openConnection({ path, driver, synchronous, now }: ConnectionOptions) {
  const db = await openDatabase({ path, driver, synchronous })
  const file = await stat(path, { bigint: true })
  const statements = prepareStatements(db)
  const versions = createVersions(statements.reserveVersions)
  const group = createGroupCommit({ path, statements, onRollback: versions.forget })
  const reads = createGroupRead(statements)
  const truncation = createWalTruncation(statements.truncateWal)
  const changes = createChangeWatch(statements.dataVersion)
  const compaction = createCompaction({ db, onCompacted: () => truncation.request(SOON_MS) })
  const expiry = createExpiry({ statements, group, now, onErased: () => hasWritten(true) })
  truncation.request(AFTER_START_MS)

  function hasWritten(hasDeleted: boolean): void {
    truncation.request(hasDeleted ? SOON_MS : LATER_MS)
    if (hasDeleted) compaction.afterDelete()
  }

  return {
    statements,
    versions,
    reads,
    group,
    changes,
    expiry,
    hasWritten,

    /** SQLite itself works on with a file that was removed, and everything written to it is lost. */
    async refuseReplacedFile(): Promise<void> {
      const current = await stat(path, { bigint: true }).catch(() => undefined)
      if (current !== undefined && isSameFile(current, file)) return
      throw new ImnotError('STORAGE_UNAVAILABLE', `The database ${path} was removed or replaced while in use; restart.`)
    },

    async close(): Promise<void> {
      expiry.stop()
      await group.idle()
      truncation.stop()
      changes.stop()
      compaction.stop()
      truncation.tryNow()
      db.close()
    },
  }
}

function isSameFile(a: BigIntStats, b: BigIntStats): boolean {
  return a.ino === b.ino && a.dev === b.dev
}
