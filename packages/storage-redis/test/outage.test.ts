import type { Storage } from '@imnot/core'
import { startTcpProxy } from '@imnot/tooling/servers/tcp-proxy'
import { expect, onTestFinished } from 'vitest'
import { redisStorage } from '../src/redis-storage.ts'
import { ownPrefix, sharedUrl, test } from './support/redis-server.ts'

const url = new URL(sharedUrl ?? 'redis://127.0.0.1:6379')
const prefix = ownPrefix()
/** Twice the promises, since this machine may be busy with other tests. */
const FAILS_WITHIN_MS = 2500
const RECOVERS_WITHIN_MS = 4000

async function openBehindProxy() {
  const proxy = await startTcpProxy(Number(url.port || 6379))
  onTestFinished(() => proxy.close())
  const proxied = new URL(url)
  proxied.host = `127.0.0.1:${proxy.port}`
  const storage = redisStorage({ url: proxied.href, prefix })
  onTestFinished(() => storage.close())
  await storage.init()
  return { proxy, storage, proxied }
}

const put = (key: string, value: number) => ({ type: 'put', key, value }) as const

const calls = (storage: Storage) => ({
  ping: () => storage.ping(),
  get: () => storage.get(['key']),
  list: () => storage.list(''),
  write: () => storage.write([put('key', 1)]),
  claim: () => storage.claim('q', { limit: 1, leaseMs: 1000 }),
  increment: () => storage.increment('c'),
})

async function assertAllFail(storage: Storage): Promise<void> {
  const startedAt = performance.now()
  for (const [name, outcome] of await Promise.all(
    Object.entries(calls(storage)).map(async ([name, call]) => [name, await call().catch((e: unknown) => e)] as const),
  )) {
    expect({ name, outcome }).toMatchObject({ outcome: { code: 'STORAGE_UNAVAILABLE' } })
  }
  expect(performance.now() - startedAt).toBeLessThan(FAILS_WITHIN_MS)
}

async function assertRecovers(storage: Storage, healed: Promise<void> | undefined): Promise<void> {
  await healed
  await expect.poll(() => storage.ping().then(() => 'up'), { timeout: RECOVERS_WITHIN_MS, interval: 20 }).toBe('up')
  for (const call of Object.values(calls(storage))) await call()
}

test('while connections are refused every call fails, and all work again afterwards', async () => {
  const { proxy, storage } = await openBehindProxy()
  await proxy.refuse()
  await assertAllFail(storage)
  await assertAllFail(storage)
  await assertRecovers(storage, proxy.heal())
})

test('while nothing is answered every call fails, and all work again afterwards', async () => {
  const { proxy, storage } = await openBehindProxy()
  proxy.blackHole()
  await assertAllFail(storage)
  await assertAllFail(storage)
  await assertRecovers(storage, proxy.heal())
})

test('a connection that was reset is made again without a call failing for long', async () => {
  const { proxy, storage } = await openBehindProxy()
  for (let round = 0; round < 5; round++) {
    proxy.reset()
    await assertRecovers(storage, undefined)
  }
})

test('the error names the server and not the password', async () => {
  const { proxy, storage, proxied } = await openBehindProxy()
  await proxy.refuse()
  const error = await storage.ping().catch((reason: Error) => reason)
  expect(error).toMatchObject({ message: expect.stringContaining(`redis://127.0.0.1:${proxy.port}`) })
  proxied.username = 'someone'
  proxied.password = 'hunter2'
  const refused = await redisStorage({ url: proxied.href, prefix })
    .init()
    .catch((reason: Error) => reason)
  expect(refused).toMatchObject({ code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') })
  expect(JSON.stringify([refused, (refused as Error).message, (refused as Error).cause])).not.toContain('hunter2')
})

test('a write whose answer was lost is not sent again, and the error says that it may have been done', async () => {
  const { proxy, storage } = await openBehindProxy()
  await storage.write([put('before', 0)])
  const counted = await storage.increment('ambiguous')
  proxy.blackHole('answers')
  const [written, incremented] = await Promise.allSettled([
    storage.write([{ ...put('lost', 1), expect: 'absent' }]),
    storage.increment('ambiguous'),
  ])
  for (const outcome of [written, incremented]) {
    expect(outcome).toMatchObject({
      reason: { code: 'STORAGE_UNAVAILABLE', message: expect.stringContaining('may have been done') },
    })
  }
  await assertRecovers(storage, proxy.heal())
  expect((await storage.get(['lost']))[0]?.value).toBe(1)
  expect(await storage.increment('ambiguous')).toBe(counted + 2)
})

test('init fails while there is no server and may be tried again', async () => {
  const proxy = await startTcpProxy(Number(url.port || 6379))
  onTestFinished(() => proxy.close())
  await proxy.refuse()
  const storage = redisStorage({ url: `redis://127.0.0.1:${proxy.port}`, prefix })
  onTestFinished(() => storage.close())
  await expect(storage.ping()).rejects.toMatchObject({ message: expect.stringContaining('await init() first') })
  await expect(storage.init()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  await proxy.heal()
  proxy.blackHole()
  const startedAt = performance.now()
  await expect(storage.init()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(performance.now() - startedAt).toBeLessThan(FAILS_WITHIN_MS)
  await proxy.heal()
  await storage.init()
  await storage.ping()
})

test('close ends at once while nothing is answered', async () => {
  const { proxy, storage } = await openBehindProxy()
  proxy.blackHole()
  const pending = storage.ping().catch((reason: Error) => reason)
  const startedAt = performance.now()
  await storage.close()
  expect(performance.now() - startedAt).toBeLessThan(FAILS_WITHIN_MS)
  expect(await pending).toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
})

test('large bodies that are read and written together are no silence', async () => {
  const { storage } = await openBehindProxy()
  const body = Buffer.alloc(30 * 1024 * 1024, 'body')
  const keys = ['large/1', 'large/2', 'large/3']
  await Promise.all(keys.map((key) => storage.write([{ ...put(key, 0), body }])))
  const found = await Promise.all([...keys, ...keys].map((key) => storage.get([key])))
  for (const [record] of found) expect(body.equals(record?.body ?? Buffer.alloc(0))).toBe(true)
})
