import type { Storage, WriteOperation } from '@imnot/core'
import { describe, expect, test } from 'vitest'
import { openStorage } from './support/open-storage.ts'
import { missingServer, query, serverUrl, skipTitle, temporarySchema } from './support/postgres-server.ts'

const put = (key: string, value: number, expect?: number | 'absent'): WriteOperation => ({
  type: 'put',
  key,
  value,
  ...(expect !== undefined && { expect }),
})
const remove = (key: string): WriteOperation => ({ type: 'delete', key })
const absent = (key: string): WriteOperation => ({ type: 'check', key, expect: 'absent' })

describe.skipIf(missingServer !== null)(skipTitle('writes at the same time', missingServer), () => {
  async function openTwo(): Promise<{ schema: string; pick: (index: number) => Storage }> {
    const schema = temporarySchema()
    const storages = [await openStorage({ url: serverUrl, schema }), await openStorage({ url: serverUrl, schema })]
    return { schema, pick: (index) => storages[index % 2] as Storage }
  }

  /** Runs both at once, many times, and returns which keys of `a` and `b` were there afterwards. */
  async function raced(
    one: (prefix: string) => WriteOperation[],
    other: (prefix: string) => WriteOperation[],
  ): Promise<string[]> {
    const { pick } = await openTwo()
    const outcomes = await Promise.all(
      Array.from({ length: 60 }, async (_, round) => {
        const prefix = `${round}/`
        await Promise.all([pick(0).write(one(prefix)), pick(1).write(other(prefix))])
        const [a, b] = await pick(round).get([`${prefix}a`, `${prefix}b`])
        return `${a === null ? '' : 'a'}${b === null ? '' : 'b'}`
      }),
    )
    return [...new Set(outcomes)].sort()
  }

  test('that each make what the other checks to be absent never both succeed', async () => {
    const outcomes = await raced(
      (prefix) => [absent(`${prefix}a`), put(`${prefix}b`, 1)],
      (prefix) => [absent(`${prefix}b`), put(`${prefix}a`, 1)],
    )
    expect(['a', 'b']).toEqual(expect.arrayContaining(outcomes))
  })

  test('that each make what the other deletes leave one of them, as if they had come one after the other', async () => {
    const outcomes = await raced(
      (prefix) => [put(`${prefix}a`, 1), remove(`${prefix}b`)],
      (prefix) => [put(`${prefix}b`, 1), remove(`${prefix}a`)],
    )
    expect(['a', 'b']).toEqual(expect.arrayContaining(outcomes))
  })

  test('on overlapping keys in any order neither fail nor lose or invent anything', async () => {
    const { pick } = await openTwo()
    const keys = Array.from({ length: 6 }, (_, index) => `account/${index}`)
    await pick(0).write(keys.map((key) => put(key, 100)))
    let moved = 0

    async function transfer(worker: number): Promise<void> {
      const storage = pick(worker)
      const chosen = keys.toSorted(() => Math.random() - 0.5).slice(0, 3)
      const [from, to, closed] = await storage.get(chosen)
      // An account may be closed just now: its money is with the third of that write.
      if (!from || !to || !closed) return
      const sum = (to.value as number) + (from.value as number) + (closed.value as number)
      const { ok } = await storage.write([
        { type: 'delete', key: closed.key, expect: closed.version },
        put(from.key, 0, from.version),
        put(to.key, sum, to.version),
      ])
      if (!ok) return
      moved++
      await storage.write([put(closed.key, 0, 'absent')])
    }

    await Promise.all(
      Array.from({ length: 20 }, async (_, worker) => {
        for (let step = 0; step < 25; step++) await transfer(worker)
      }),
    )
    const accounts = await pick(0).list('account/')
    expect(accounts.reduce((sum, { value }) => sum + (value as number), 0)).toBe(600)
    expect(moved).toBeGreaterThan(5)
  })

  test('that put and delete the same keys without expectations all succeed, each with its own version', async () => {
    const { pick } = await openTwo()
    const keys = ['x', 'y', 'z']
    const results = await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        const operations = keys.map((key, position) => ((index + position) % 3 === 0 ? remove(key) : put(key, index)))
        return pick(index).write(index % 2 === 0 ? operations : operations.toReversed())
      }),
    )
    const versions = results
      .flatMap((result) => (result.ok ? result.versions : [Number.NaN]))
      .filter((one) => one !== 0)
    expect(versions).toHaveLength(400)
    expect(new Set(versions).size).toBe(400)
  })

  test('guarded by one record do not wait for each other', async () => {
    const { schema, pick } = await openTwo()
    const result = await pick(0).write([put('session', 1)])
    const version = result.ok ? (result.versions[0] ?? 0) : 0
    const holding = query(`BEGIN; SELECT FROM "${schema}".records FOR SHARE; SELECT pg_sleep(1); COMMIT`)
    await expect
      .poll(() => query(`SELECT 1 FROM pg_locks WHERE relation = '"${schema}".records'::regclass`), { interval: 20 })
      .not.toEqual([])
    const begun = performance.now()
    await pick(1).write([{ type: 'check', key: 'session', expect: version }, put('flow', 1)])
    expect(performance.now() - begun).toBeLessThan(800)
    await holding
  })
})

describe.skipIf(missingServer !== null)(skipTitle('a write under way', missingServer), () => {
  test('keeps what it checks: a delete of that waits for it', async () => {
    const schema = temporarySchema()
    const storage = await openStorage({ url: serverUrl, schema })
    const result = await storage.write([put('session', 1)])
    const version = result.ok ? result.versions[0] : 0
    const writing = query(`
      BEGIN;
      SELECT "${schema}".write_records(
        ARRAY['flow', 'session'], NULL, ARRAY[0, 2], ARRAY[NULL, ${version}], ARRAY['1', NULL], NULL, NULL, NULL, NULL, NULL
      );
      SELECT pg_sleep(0.7);
      COMMIT
    `)
    await expect
      .poll(() => query(`SELECT 1 FROM pg_locks WHERE relation = '"${schema}".records'::regclass`))
      .not.toEqual([])
    const begun = performance.now()
    await storage.write([remove('session')])
    expect(performance.now() - begun).toBeGreaterThan(300)
    await writing
    expect((await storage.list('')).map(({ key }) => key)).toEqual(['flow'])
  })
})

describe.skipIf(missingServer !== null)(skipTitle('what has expired', missingServer), () => {
  test('is erased from the tables by and by, when the storage is used', async () => {
    const schema = temporarySchema()
    const storage = await openStorage({ url: serverUrl, schema })
    const { now } = await storage.claim('none', { limit: 1, leaseMs: 1 })
    const dead = Array.from(
      { length: 1200 },
      (_, index) => ({ ...put(`dead/${index}`, 1), expiresAt: now - 1 }) as const,
    )
    await storage.write([...dead, put('alive', 1)])
    await storage.increment('dead', { ttlMs: 1 })
    await storage.increment('alive', { ttlMs: 60_000 })
    await expect
      .poll(
        async () => {
          await storage.claim('none', { limit: 1, leaseMs: 1 })
          return query(`SELECT key FROM "${schema}".records UNION ALL SELECT key FROM "${schema}".counters`)
        },
        { timeout: 8000, interval: 100 },
      )
      .toEqual([{ key: 'alive' }, { key: 'alive' }])
  })
})
