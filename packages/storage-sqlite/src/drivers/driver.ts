export type DriverName = 'better-sqlite3' | 'node:sqlite'

export type SqliteValue = null | number | string | Uint8Array

/** What this storage uses of a prepared statement: both drivers have it. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly changes: number | bigint }
  get(...values: SqliteValue[]): unknown
  all(...values: SqliteValue[]): unknown[]
}

/** What this storage uses of a connection. It must not wait for locks: a waiting driver blocks the event loop. */
export interface SqliteDatabase {
  prepare(sql: string): SqliteStatement
  exec(sql: string): unknown
  close(): void
}

export interface SqliteDriver {
  readonly name: DriverName
  open(path: string): SqliteDatabase
}
