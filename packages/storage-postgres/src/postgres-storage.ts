import { ImnotError, type Storage } from '@imnot/core'
import { claimRecords } from './claim-records.ts'
import { type OpenedDatabase, openOwnPool, useInjectedPool } from './connection/open-database.ts'
import type { PgPoolLike } from './connection/pg-pool-like.ts'
import { durabilityWarnings } from './durability.ts'
import { createExpiry } from './expiry.ts'
import { createGroupedReads, type GroupedReads } from './grouped-reads.ts'
import { createCounters } from './increment-counters.ts'
import { migrate } from './migrate.ts'
import { parsePostgresUrl } from './postgres-url.ts'
import { listRecords } from './read-records.ts'
import { quotedSchema } from './schema-name.ts'
import { createStatements } from './statements.ts'
import { writeRecords } from './write-records.ts'

export type PostgresStorageOptions = SharedOptions &
  (
    | {
        /** `postgres://user:password@host:5432/database`. The storage connects with a pool of its own. */
        readonly url: string
        readonly pool?: undefined
        /** @default 10 */
        readonly maxConnections?: number
      }
    | {
        /** A `Pool` of pg. Its size and its `connectionTimeoutMillis` are its owner's affair, and so is ending it. */
        readonly pool: PgPoolLike
        readonly url?: undefined
      }
  )

interface SharedOptions {
  /** Made where it is missing. Storages on the same schema share everything. @default 'imnot' */
  readonly schema?: string
  /** Prepares each statement once for each connection. Not behind a PgBouncer that does not keep track of them. @default false */
  readonly prepare?: boolean
  /** Told by `init()` of each setting of the server that can lose what was acknowledged. @default () => {} */
  readonly onWarning?: (message: string) => void
}

/**
 * Keeps everything in one schema of a Postgres database, which many processes on many machines may share.
 *
 * `init()` throws an `ImnotError`: `STORAGE_DRIVER_MISSING`, `STORAGE_SCHEMA_NEWER`, `STORAGE_UNAVAILABLE`. Any call throws
 * `STORAGE_UNAVAILABLE` while the server cannot be reached, within a second also when it only falls silent; whether a write
 * was done that fails so is not known. A write throws `STORAGE_BUSY` when others keep its locks for two seconds, and
 * `STORAGE_FULL` when the disk is full.
 *
 * @example
 * const storage = postgresStorage({ url: 'postgres://localhost/imnot' })
 * await storage.init()
 */
export function postgresStorage(options: PostgresStorageOptions): Storage {
  const { openPool, ...inUrl } = poolOpener(options)
  const {
    schema: name = inUrl.schema ?? 'imnot',
    prepare = inUrl.prepare ?? false,
    onWarning = () => undefined,
  } = options
  const schema = quotedSchema(name)
  const statements = createStatements(schema, prepare)
  let opened: Opened | undefined
  let opening: Promise<void> | undefined
  let closing: Promise<void> | undefined

  function refuseClosed(): void {
    if (closing === undefined) return
    throw new ImnotError('STORAGE_CLOSED', 'The Postgres storage was closed; make a new one.')
  }

  function connected() {
    refuseClosed()
    if (opened !== undefined) return opened
    throw new ImnotError('STORAGE_UNAVAILABLE', 'The Postgres storage is not open; await init() first.')
  }

  async function open(): Promise<void> {
    const pool = await openPool()
    try {
      await migrate(pool.database, schema)
      for (const warning of await durabilityWarnings(pool.database)) onWarning(warning)
    } catch (error) {
      await pool.close()
      throw error
    }
    const { database } = pool
    opened = {
      ...pool,
      expiry: createExpiry(database, statements),
      counters: createCounters(database, statements),
      reads: createGroupedReads(database, statements),
    }
  }

  return {
    name: 'postgres',

    async init() {
      refuseClosed()
      if (opened !== undefined) return
      // Only success is remembered: a failure may be mended before the next try.
      opening ??= open().finally(() => {
        opening = undefined
      })
      await opening
    },

    async ping() {
      await connected().database.ask(statements.anything())
    },

    async get(keys, getOptions = {}) {
      return connected().reads.get(keys, getOptions)
    },

    async list(prefix, listOptions = {}) {
      return listRecords(connected().database, statements, prefix, listOptions)
    },

    async write(operations) {
      const { database, expiry, reads } = connected()
      const result = await writeRecords(database, statements, { reads, operations })
      expiry.tick()
      return result
    },

    async claim(queue, claimOptions) {
      const { database, expiry } = connected()
      const claimed = await claimRecords(database, statements, queue, claimOptions)
      expiry.tick()
      return claimed
    },

    async increment(key, incrementOptions = {}) {
      return connected().counters.increment(key, incrementOptions)
    },

    close() {
      closing ??= (async () => {
        await opening?.catch(() => undefined)
        await opened?.close()
      })()
      return closing
    },
  } satisfies Storage
}

interface Opened extends OpenedDatabase {
  readonly expiry: ReturnType<typeof createExpiry>
  readonly counters: ReturnType<typeof createCounters>
  readonly reads: GroupedReads
}

function poolOpener(options: PostgresStorageOptions) {
  if (options.pool !== undefined) {
    const { pool } = options
    return { openPool: async () => useInjectedPool(pool) }
  }
  const { connectionString, place, ...inUrl } = parsePostgresUrl(options.url)
  const { maxConnections = inUrl.maxConnections ?? 10 } = options
  return { ...inUrl, openPool: () => openOwnPool({ connectionString, maxConnections, place }) }
}
