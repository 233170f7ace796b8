import pg from 'pg'
import { describe, expect, expectTypeOf, onTestFinished, test } from 'vitest'
import type { PgPoolLike } from '../src/connection/pg-pool-like.ts'
import { postgresStorage } from '../src/postgres-storage.ts'
import { openStorage } from './support/open-storage.ts'
import { missingServer, query, serverUrl, skipTitle, temporarySchema } from './support/postgres-server.ts'

test('the Pool of pg is one that can be given', () => {
  expectTypeOf<pg.Pool>().toExtend<PgPoolLike>()
})

function openPool(config: pg.PoolConfig = {}): pg.Pool {
  const pool = new pg.Pool({ connectionString: serverUrl, ...config })
  onTestFinished(() => pool.end())
  return pool
}

describe.skipIf(missingServer !== null)(skipTitle('a given pool', missingServer), () => {
  test('works on after the storage was closed, and keeps no listener of it', async () => {
    const pool = openPool()
    const storage = postgresStorage({ pool, schema: temporarySchema() })
    await storage.init()
    await storage.write([{ type: 'put', key: 'key', value: 1 }])
    await storage.close()
    await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
    expect((await pool.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }])
    expect(pool.listenerCount('error')).toBe(0)
  })

  test('of one connection is enough for many calls at once', async () => {
    const storage = await openStorage({ pool: openPool({ max: 1 }), schema: temporarySchema() })
    const results = await Promise.all(
      Array.from({ length: 100 }, (_, index) => storage.write([{ type: 'put', key: `key/${index}`, value: index }])),
    )
    expect(results.every(({ ok }) => ok)).toBe(true)
  })

  test('may read types in a way of its own', async () => {
    const pool = openPool({ types: { getTypeParser: () => () => 'something else' } as pg.CustomTypesConfig })
    const storage = await openStorage({ pool, schema: temporarySchema() })
    const body = Buffer.from([0, 1, 255])
    const result = await storage.write([{ type: 'put', key: 'key', value: { a: 1 }, body, queue: 'q', dueAt: 1 }])
    const [record] = await storage.get(['key'])
    expect(record).toEqual({
      key: 'key',
      version: result.ok && result.versions[0],
      value: { a: 1 },
      body,
      queue: 'q',
      dueAt: 1,
    })
  })

  test('whose idle connections are ended by the server loses no call', async () => {
    const name = `imnot-${Math.random()}`
    const pool = openPool({ application_name: name })
    const storage = await openStorage({ pool, schema: temporarySchema() })
    await Promise.all(Array.from({ length: 4 }, () => storage.ping()))
    await query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '${name}'`)
    await expect.poll(() => pool.totalCount).toBe(0)
    expect(await storage.ping()).toBeUndefined()
  })
})

describe.skipIf(missingServer !== null)(skipTitle('statements', missingServer), () => {
  async function preparedBy(prepare: boolean): Promise<string[]> {
    const pool = openPool({ max: 1 })
    const schemas = [temporarySchema(), temporarySchema()]
    for (const schema of schemas) {
      const storage = await openStorage({ pool, schema, prepare })
      await storage.write([{ type: 'put', key: 'key', value: 1 }])
      await storage.get(['key'])
    }
    return (await pool.query<{ name: string }>('SELECT name FROM pg_prepared_statements')).rows.map(({ name }) => name)
  }

  test('are prepared when that is asked for, those of each schema for themselves', async () => {
    expect(await preparedBy(true)).toEqual(Array(4).fill(expect.stringMatching(/^imnot-/)))
  })

  test('are not prepared otherwise', async () => {
    expect(await preparedBy(false)).toEqual([])
  })
})
