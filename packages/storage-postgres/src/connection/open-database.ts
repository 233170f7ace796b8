import { nothing } from './call.ts'
import { createDatabase, type Database } from './database.ts'
import { createGate } from './gate.ts'
import { loadPool } from './load-pg.ts'
import type { PgPoolLike } from './pg-pool-like.ts'

/** A caller is to hear within a second that there is no connection. */
const CONNECT_TIMEOUT_MS = 900

export interface OpenedDatabase {
  readonly database: Database
  /** Waits for what is under way. Closes a pool that was made here, and leaves another one as it was. */
  close(): Promise<void>
}

export interface OwnPoolOptions {
  readonly connectionString: string
  readonly maxConnections: number
  readonly place: string
}

/** Connects when first asked. */
export async function openOwnPool({
  connectionString,
  maxConnections,
  place,
}: OwnPoolOptions): Promise<OpenedDatabase> {
  const Pool = await loadPool()
  const pool = new Pool({
    connectionString,
    // One more than is let in, for the question whether the server is there.
    max: maxConnections + 1,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  })
  // An idle connection that breaks is no loss: the pool drops it. Without a listener the event would end the process.
  pool.on('error', nothing)
  const database = createDatabase(pool, createGate(maxConnections), place)
  return {
    database,
    async close() {
      await database.idle()
      await pool.end()
    },
  }
}

export function useInjectedPool(pool: PgPoolLike): OpenedDatabase {
  pool.on('error', nothing)
  const database = createDatabase(pool, createGate(Number.POSITIVE_INFINITY), 'of the given pool')
  return {
    database,
    async close() {
      await database.idle()
      pool.removeListener('error', nothing)
    },
  }
}
