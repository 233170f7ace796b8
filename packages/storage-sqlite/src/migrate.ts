import { ImnotError } from '@imnot/core'
import { version as packageVersion } from '../package.json'
import type { SqliteDatabase } from './drivers/driver.ts'
import { migrations } from './migrations/all.ts'

interface Applied {
  readonly number: number
  readonly applied_by: string
}

/**
 * Brings the schema up to date in one transaction. Many processes may do so at once: whoever comes second finds it done.
 * Throws SQLite's busy error while another one has the lock.
 */
export function migrate(db: SqliteDatabase, path: string): void {
  if (isCurrent(db, path)) return
  db.exec('BEGIN IMMEDIATE')
  try {
    applyMissing(db, path)
    db.exec('COMMIT')
  } catch (error) {
    db.exec('ROLLBACK')
    throw error
  }
}

/** Throws `CONFIG_INVALID` when the file is a database of something else, which must not be touched. */
export function refuseForeignDatabase(db: SqliteDatabase, path: string): void {
  const tables = db.prepare(`SELECT name FROM sqlite_master WHERE type = 'table'`).all() as { readonly name: string }[]
  if (tables.length === 0 || tables.some(({ name }) => name === 'imnot_migrations')) return
  const names = tables.slice(0, 3).map(({ name }) => name)
  throw new ImnotError(
    'CONFIG_INVALID',
    `${path} is the database of another application (it has the tables ${names.join(', ')}); name another path.`,
  )
}

function applyMissing(db: SqliteDatabase, path: string): void {
  db.exec(`
    CREATE TABLE IF NOT EXISTS imnot_migrations (
      number INTEGER PRIMARY KEY,
      name TEXT NOT NULL,
      applied_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
      applied_by TEXT NOT NULL
    )
  `)
  if (isCurrent(db, path)) return
  const done = latest(db)?.number ?? 0
  const record = db.prepare('INSERT INTO imnot_migrations (number, name, applied_by) VALUES (?, ?, ?)')
  for (const { number, name, sql } of migrations) {
    if (number <= done) continue
    db.exec(sql)
    record.run(number, name, packageVersion)
  }
}

function isCurrent(db: SqliteDatabase, path: string): boolean {
  const applied = latest(db)
  if (applied === undefined) return false
  if (applied.number <= migrations.length) return applied.number === migrations.length
  throw new ImnotError(
    'STORAGE_SCHEMA_NEWER',
    `${path} was made by @imnot/storage-sqlite ${applied.applied_by} (schema ${applied.number}), but this is ${packageVersion} (schema ${migrations.length}); install that version or a later one.`,
  )
}

function latest(db: SqliteDatabase): Applied | undefined {
  const ledger = db.prepare(`SELECT 1 FROM sqlite_master WHERE name = 'imnot_migrations'`).get()
  if (ledger === undefined) return undefined
  const query = 'SELECT number, applied_by FROM imnot_migrations ORDER BY number DESC LIMIT 1'
  return db.prepare(query).get() as Applied | undefined
}
