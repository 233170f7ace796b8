import { ImnotError } from '@imnot/core'
import type { SqliteDriver } from './driver.ts'

/** Throws `STORAGE_DRIVER_MISSING` when the package is not installed, or was never compiled for this Node. */
export async function betterSqlite3Driver(): Promise<SqliteDriver> {
  const Database = await importDatabase()
  try {
    // The compiled half of the package is loaded by the first connection, not by the import.
    new Database(':memory:').close()
  } catch (cause) {
    throw new ImnotError(
      'STORAGE_DRIVER_MISSING',
      `better-sqlite3 is installed but not built for Node ${process.version}; run: npm rebuild better-sqlite3`,
      { cause },
    )
  }
  return { name: 'better-sqlite3', open: (path) => new Database(path, { timeout: 0 }) }
}

async function importDatabase() {
  try {
    const { default: Database } = await import('better-sqlite3')
    return Database
  } catch (cause) {
    throw new ImnotError(
      'STORAGE_DRIVER_MISSING',
      'The SQLite storage needs better-sqlite3, which is not installed; run: npm install better-sqlite3',
      { cause },
    )
  }
}
