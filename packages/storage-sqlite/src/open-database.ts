import { ImnotError } from '@imnot/core'
import { retryWhileBusy } from './busy-retry.ts'
import { prepareDatabaseFile } from './database-file.ts'
import type { SqliteDatabase, SqliteDriver } from './drivers/driver.ts'
import { migrate, refuseForeignDatabase } from './migrate.ts'
import { explained } from './sqlite-errors.ts'

export interface OpenDatabaseOptions {
  readonly path: string
  readonly driver: SqliteDriver
  readonly synchronous: 'NORMAL' | 'FULL'
}

/** Longer than one write waits: when many processes start at once, each waits for all before it. */
const START_PATIENCE_MS = 10_000

/** The connection, configured and with the current schema. Throws an `ImnotError` that says what is wrong with the path. */
export async function openDatabase({ path, driver, synchronous }: OpenDatabaseOptions): Promise<SqliteDatabase> {
  await prepareDatabaseFile(path)
  let db: SqliteDatabase | undefined
  try {
    const opened = await retryWhileBusy(() => driver.open(path), START_PATIENCE_MS)
    db = opened
    await retryWhileBusy(() => {
      refuseOldSqlite(opened, driver)
      refuseForeignDatabase(opened, path)
      configure(opened, path, synchronous)
      migrate(opened, path)
    }, START_PATIENCE_MS)
    return opened
  } catch (error) {
    db?.close()
    throw explained(error, path)
  }
}

function configure(db: SqliteDatabase, path: string, synchronous: 'NORMAL' | 'FULL'): void {
  // Never wait inside SQLite: the event loop would stand still.
  db.exec('PRAGMA busy_timeout = 0')
  // Deleted content is overwritten with zeros, and never written to a temporary file that nobody cleans.
  db.exec('PRAGMA secure_delete = ON; PRAGMA temp_store = MEMORY')
  db.exec(`PRAGMA synchronous = ${synchronous}`)
  const { journal_mode: mode } = db.prepare('PRAGMA journal_mode = WAL').get() as { readonly journal_mode: string }
  if (mode !== 'wal') {
    throw new ImnotError(
      'STORAGE_UNAVAILABLE',
      `${path} cannot use a write-ahead log (its journal mode stays '${mode}'); put it on a local disk.`,
    )
  }
}

/** RETURNING came with 3.35. */
function refuseOldSqlite(db: SqliteDatabase, { name }: SqliteDriver): void {
  const { version } = db.prepare('SELECT sqlite_version() AS version').get() as { readonly version: string }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major > 3 || (major === 3 && minor >= 35)) return
  throw new ImnotError(
    'STORAGE_UNAVAILABLE',
    `The SQLite storage needs SQLite 3.35 or later, but ${name} brings ${version}; update ${name}.`,
  )
}
