import { isImnotError } from '@imnot/core'
import { betterSqlite3Driver } from './better-sqlite3.ts'
import type { DriverName, SqliteDriver } from './driver.ts'
import { nodeSqliteDriver } from './node-sqlite.ts'

/** The driver of that name; without a name better-sqlite3, which is the faster one, else `node:sqlite`. */
export async function loadDriver(name?: DriverName): Promise<SqliteDriver> {
  if (name === 'node:sqlite') return nodeSqliteDriver()
  try {
    return await betterSqlite3Driver()
  } catch (error) {
    if (name !== undefined || !isImnotError(error, 'STORAGE_DRIVER_MISSING')) throw error
    try {
      return nodeSqliteDriver()
    } catch {
      // What is wrong with better-sqlite3 is the easier one to mend.
      throw error
    }
  }
}
