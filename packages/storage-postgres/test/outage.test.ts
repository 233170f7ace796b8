import { describe, expect, onTestFinished, test } from 'vitest'
import { postgresStorage } from '../src/postgres-storage.ts'
import { openStorage } from './support/open-storage.ts'
import { missingServer, query, serverUrl, skipTitle, temporarySchema } from './support/postgres-server.ts'
import { type ProxiedServer, startProxiedServer } from './support/proxied-server.ts'

const put = (key: string, body?: Uint8Array) =>
  ({ type: 'put', key, value: null, ...(body !== undefined && { body }) }) as const

async function timed(action: Promise<unknown>): Promise<{ outcome: unknown; ms: number }> {
  const start = performance.now()
  const outcome = await action.catch((error: unknown) => error)
  return { outcome, ms: performance.now() - start }
}

describe.skipIf(missingServer !== null)(skipTitle('an outage', missingServer), () => {
  const outages: [name: string, begin: (proxy: ProxiedServer) => unknown][] = [
    ['that refuses connections', (proxy) => proxy.refuse()],
    ['that swallows everything', (proxy) => proxy.blackHole()],
  ]

  test.each(outages)('%s is told within about a second, and over within two', async (_, begin) => {
    const proxy = await startProxiedServer()
    const storage = await openStorage({ url: proxy.url, schema: temporarySchema() })
    await storage.write([put('before')])
    await begin(proxy)
    const calls = Array.from({ length: 40 }, (_, index) =>
      timed(index % 2 === 0 ? storage.get(['before']) : storage.write([put(`during/${index}`)])),
    )
    for (const { outcome, ms } of await Promise.all(calls)) {
      expect(outcome).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
      expect(ms).toBeLessThan(1500)
    }
    await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await proxy.heal()
    await expect.poll(() => storage.write([put('after')]), { timeout: 2000, interval: 50 }).toMatchObject({ ok: true })
    expect((await storage.get(['before']))[0]?.key).toBe('before')
  })

  test('of a moment that breaks idle connections goes unnoticed', async () => {
    const proxy = await startProxiedServer()
    const storage = await openStorage({ url: proxy.url, schema: temporarySchema() })
    await Promise.all(Array.from({ length: 5 }, () => storage.ping()))
    proxy.reset()
    await new Promise((resolve) => setTimeout(resolve, 20))
    expect(await storage.write([put('key')])).toMatchObject({ ok: true })
  })

  test('in the middle of a write leaves all of it or nothing', async () => {
    const proxy = await startProxiedServer()
    const storage = await openStorage({ url: proxy.url, schema: temporarySchema() })
    proxy.cutAt('write_records')
    await expect(storage.write([put('a'), put('b')])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    const [a, b] = await storage.get(['a', 'b'])
    expect(a === null).toBe(b === null)
    expect(await storage.write([put('a'), put('b')])).toMatchObject({ ok: true })
  })

  test('does not keep close() waiting', async () => {
    const proxy = await startProxiedServer()
    const storage = postgresStorage({ url: proxy.url, schema: temporarySchema() })
    await storage.init()
    proxy.blackHole()
    const reading = storage.get(['key']).catch((error: unknown) => error)
    const { ms } = await timed(storage.close())
    expect(ms).toBeLessThan(2000)
    expect(await reading).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  })

  test('while it starts is told without the password, and init may be tried again', async () => {
    const proxy = await startProxiedServer()
    const url = new URL(proxy.url)
    url.password = 'secret-word'
    const storage = postgresStorage({ url: url.href, schema: temporarySchema() })
    onTestFinished(() => storage.close())
    await proxy.refuse()
    const error = await storage.init().catch((error: unknown) => error as Error)
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining(url.host) })
    expect(String(error)).not.toContain('secret-word')
    await proxy.heal()
    await storage.init()
    expect(await storage.ping()).toBeUndefined()
  })
})

describe.skipIf(missingServer !== null)(skipTitle('no outage', missingServer), () => {
  test('is a statement that waits for a lock, while the server answers others', async () => {
    const schema = temporarySchema()
    const storage = await openStorage({ url: serverUrl, schema })
    await storage.write([put('key')])
    const holding = query(`BEGIN; SELECT FROM "${schema}".records FOR UPDATE; SELECT pg_sleep(1.5); COMMIT`)
    await expect.poll(() => locksOn(schema), { interval: 20 }).toBeGreaterThan(0)
    const { outcome, ms } = await timed(storage.write([put('key')]))
    expect(outcome).toMatchObject({ ok: true })
    expect(ms).toBeGreaterThan(1000)
    await holding
  })

  test('is a lock that lasts: a write that needs it is refused as busy after two seconds', async () => {
    const schema = temporarySchema()
    const storage = await openStorage({ url: serverUrl, schema })
    await storage.write([put('key')])
    const holding = query(`BEGIN; SELECT FROM "${schema}".records FOR UPDATE; SELECT pg_sleep(3); COMMIT`)
    await expect.poll(() => locksOn(schema), { interval: 20 }).toBeGreaterThan(0)
    const { outcome, ms } = await timed(storage.write([put('key')]))
    expect(outcome).toMatchObject({ code: 'STORAGE_BUSY' })
    expect(ms).toBeLessThan(2900)
    expect(await storage.write([put('other')])).toMatchObject({ ok: true })
    await holding
  })

  async function locksOn(schema: string): Promise<number> {
    const rows = await query(
      `SELECT 1 FROM pg_locks WHERE mode = 'RowShareLock' AND relation = '"${schema}".records'::regclass`,
    )
    return rows.length
  }
})
