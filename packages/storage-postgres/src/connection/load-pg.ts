import { ImnotError } from '@imnot/core'
import type { PgPoolLike } from './pg-pool-like.ts'

export interface PoolConfig {
  readonly connectionString: string
  readonly max: number
  readonly connectionTimeoutMillis: number
  readonly keepAlive: boolean
}

export interface OwnPool extends PgPoolLike {
  end(): Promise<void>
}

/** Throws `STORAGE_DRIVER_MISSING` when pg is not installed. */
export async function loadPool(): Promise<new (config: PoolConfig) => OwnPool> {
  try {
    const { default: pg } = await import('pg')
    return pg.Pool
  } catch (cause) {
    throw new ImnotError(
      'STORAGE_DRIVER_MISSING',
      'The Postgres storage needs pg, which is not installed; run: npm install pg',
      { cause },
    )
  }
}
