import { ImnotError } from '@imnot/core'
import { explained, leavesConnectionUsable, sqlState } from '../postgres-errors.ts'
import { type Call, nothing } from './call.ts'
import type { Gate } from './gate.ts'
import { retryLostRaces } from './lost-race-retry.ts'
import { createOutageWatch } from './outage-watch.ts'
import type { PgClientLike, PgPoolLike, PgQuery, PgResult } from './pg-pool-like.ts'

/** A statement on a connection that died unnoticed, while the server itself answers others. */
const STATEMENT_TIMEOUT_MS = 10_000
/** A slow line: on it 50 MB take half a minute. */
const SLOW_BYTES_PER_MS = 1700
/** A busy machine: for two and a half seconds it may do nothing but pass on 50 MB. */
const BUSY_BYTES_PER_MS = 20_000

export interface Database {
  /** For people, without user and password. */
  readonly place: string
  /** One statement, which is a transaction of its own and may be tried again. `bytes`: how much it moves, where that is much. */
  ask(query: PgQuery, bytes?: number): Promise<PgResult>
  /** Several statements on one connection, committed when `use` resolves and rolled back when it throws. */
  transaction(use: (client: Pick<PgClientLike, 'query'>) => Promise<void>): Promise<void>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

/** Throws nothing but `ImnotError`s. */
export function createDatabase(pool: PgPoolLike, gate: Gate, place: string): Database {
  const watch = createOutageWatch({
    probe: (call) => withClient(call, (client) => client.query({ text: 'SELECT 1' })),
    isAnswer: (error) => sqlState(error) !== null,
    outage: () =>
      new ImnotError('STORAGE_UNAVAILABLE', `The database ${place} does not answer; check the server and the network.`),
  })

  async function withClient<T>(call: Call, use: (client: PgClientLike) => Promise<T>): Promise<T> {
    const client = await pool.connect()
    if (call.abandoned !== undefined) {
      client.release()
      throw call.abandoned
    }
    let isReleased = false
    function release(destroy: boolean): void {
      if (isReleased) return
      isReleased = true
      call.onAbandon = nothing
      client.release(destroy)
      if (!destroy) client.removeListener('error', nothing)
    }
    // A connection that breaks tells it twice: to the query, and as an event that would end the process.
    client.on('error', nothing)
    call.onAbandon = () => release(true)
    try {
      const result = await use(client)
      release(false)
      return result
    } catch (error) {
      release(!leavesConnectionUsable(error))
      throw error
    }
  }

  function run<T>(use: (client: PgClientLike) => Promise<T>, bytes: number): Promise<T> {
    return watch.run(async (call) => {
      const turn = gate.enter(call)
      if (turn !== undefined) await turn
      try {
        return await withClient(call, use)
      } finally {
        gate.leave()
      }
    }, bytes / BUSY_BYTES_PER_MS)
  }

  return {
    place,

    async ask(query, bytes = 0) {
      const limited = { ...query, query_timeout: STATEMENT_TIMEOUT_MS + Math.ceil(bytes / SLOW_BYTES_PER_MS) }
      try {
        return await retryLostRaces(() => run((client) => client.query(limited), bytes))
      } catch (error) {
        throw explained(error, place)
      }
    },

    async transaction(use) {
      try {
        await run(async (client) => {
          await client.query({ text: 'BEGIN' })
          try {
            await use(client)
            await client.query({ text: 'COMMIT' })
          } catch (error) {
            await client.query({ text: 'ROLLBACK' }).catch(() => undefined)
            throw error
          }
        }, 0)
      } catch (error) {
        throw explained(error, place)
      }
    },

    idle: watch.idle,
  }
}
