import { ImnotError } from '@imnot/core'
import type { SqliteDatabase, SqliteDriver } from './driver.ts'

/** What is used of `node:sqlite`, whose types the oldest supported Node does not have. */
interface NodeSqlite {
  readonly DatabaseSync: new (path: string) => SqliteDatabase
}

/** Throws `STORAGE_DRIVER_MISSING` on a Node without `node:sqlite`: before 22.13, or where it was left out. */
export function nodeSqliteDriver(): SqliteDriver {
  // Asked for so, a missing module is undefined, and bundlers do not stumble over it.
  const sqlite = process.getBuiltinModule('node:sqlite') as NodeSqlite | undefined
  if (sqlite === undefined) {
    throw new ImnotError(
      'STORAGE_DRIVER_MISSING',
      `Node ${process.version} has no node:sqlite; use Node 22.13 or later, or run: npm install better-sqlite3`,
    )
  }
  return { name: 'node:sqlite', open: (path) => new sqlite.DatabaseSync(path) }
}
