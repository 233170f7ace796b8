import { resolve } from 'node:path'
import { ImnotError, type Storage } from '@imnot/core'
import { leaseDue, nextDueAt } from './claim-records.ts'
import { type Connection, openConnection } from './connection.ts'
import type { DriverName, SqliteDriver } from './drivers/driver.ts'
import { loadDriver } from './drivers/load-driver.ts'
import { getRecords, listRecords } from './read-records.ts'
import { explained } from './sqlite-errors.ts'
import { applyWrite, prepareWrite } from './write-records.ts'

export interface SqliteStorageOptions {
  /** The database file. It and its folder are made where they are missing, the file for its owner alone. */
  readonly path: string
  /**
   * `NORMAL` survives the death of the process; `FULL` also that of the machine, for a sync of the disk in each write.
   * @default 'NORMAL'
   */
  readonly synchronous?: 'NORMAL' | 'FULL'
  /** The storage's clock, in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number
  /** @default better-sqlite3 where it is installed, else node:sqlite */
  readonly driver?: DriverName
}

/**
 * Keeps everything in one SQLite file, which several processes may share.
 *
 * `init()` throws an `ImnotError`: `STORAGE_DRIVER_MISSING`, `STORAGE_SCHEMA_NEWER`, `CONFIG_INVALID` (the database of another
 * application), `STORAGE_UNAVAILABLE`. A write throws `STORAGE_BUSY` when another process keeps the lock for two seconds, and
 * `STORAGE_FULL` when the disk is full.
 *
 * @example
 * const storage = sqliteStorage({ path: './imnot.db' })
 * await storage.init()
 */
export function sqliteStorage({ driver, ...options }: SqliteStorageOptions): Storage {
  return createSqliteStorage(options, () => loadDriver(driver))
}

/** As `sqliteStorage`, with a driver of the caller's own. */
export function createSqliteStorage(
  { path, synchronous = 'NORMAL', now = Date.now }: Omit<SqliteStorageOptions, 'driver'>,
  load: () => Promise<SqliteDriver>,
): Storage {
  const file = databasePath(path)
  let connection: Connection | undefined
  let opening: Promise<void> | undefined
  let closing: Promise<void> | undefined

  function connected(): Connection {
    refuseClosed()
    if (connection !== undefined) return connection
    throw new ImnotError('STORAGE_UNAVAILABLE', `The database ${file} is not open; await init() first.`)
  }

  function refuseClosed(): void {
    if (closing === undefined) return
    throw new ImnotError('STORAGE_CLOSED', `The database ${file} was closed; make a new storage.`)
  }

  async function open(): Promise<void> {
    connection = await openConnection({ path: file, driver: await load(), synchronous, now })
  }

  async function read<T>(attempt: (connection: Connection) => T): Promise<T> {
    try {
      const current = connected()
      return await current.reads.run(() => attempt(current))
    } catch (error) {
      throw explained(error, file)
    }
  }

  return {
    name: 'sqlite',

    async init() {
      refuseClosed()
      if (connection !== undefined) return
      // Only success is remembered: a failure may be mended before the next try.
      opening ??= open().finally(() => {
        opening = undefined
      })
      await opening
    },

    async ping() {
      await read(({ statements }) => statements.anything.get())
      await connected().refuseReplacedFile()
    },

    get(keys, options = {}) {
      return read(({ statements }) => getRecords(statements, keys, options, now()))
    },

    list(prefix, options = {}) {
      return read(({ statements }) => listRecords(statements, prefix, options, now()))
    },

    async write(operations) {
      const { group, statements, versions, expiry, hasWritten } = connected()
      const prepared = prepareWrite(operations)
      const { result, hasDeleted } = await group.run(() => applyWrite(statements, versions, prepared, now()))
      hasWritten(hasDeleted)
      expiry.tick()
      return result
    },

    async claim(queue, options) {
      const moment = now()
      const next = await read(({ statements }) => nextDueAt(statements, queue, moment))
      const { group, statements, versions, expiry } = connected()
      expiry.tick()
      // Asking takes no lock: most of the time nothing is due.
      if (next === null || next > moment) return { records: [], nextDueAt: next, now: moment }
      return group.run(() => {
        const leasedAt = now()
        const records = leaseDue(statements, versions, queue, options, leasedAt)
        return { records, nextDueAt: nextDueAt(statements, queue, leasedAt), now: leasedAt }
      })
    },

    async increment(key, { by = 1, ttlMs } = {}) {
      const { group, statements } = connected()
      return group.run(() => {
        const moment = now()
        const expiresAt = ttlMs === undefined ? null : moment + ttlMs
        return (statements.increment.get(key, by, expiresAt, moment, moment) as { readonly value: number }).value
      })
    },

    async hint(listener) {
      return connected().changes.add(listener)
    },

    close() {
      closing ??= (async () => {
        await opening?.catch(() => undefined)
        await connection?.close()
      })()
      return closing
    },
  } satisfies Storage
}

/** Absolute, so that neither a later change of the working folder nor SQLite's own reading of `file:` and `:memory:` matters. */
function databasePath(path: string): string {
  if (path !== '' && path !== ':memory:') return resolve(path)
  throw new ImnotError(
    'CONFIG_INVALID',
    `Expected the path of a database file, found ${JSON.stringify(path)}; to keep nothing use memoryStorage().`,
  )
}
