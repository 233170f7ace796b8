import { startTcpProxy } from '@imnot/tooling/servers/tcp-proxy'
import { expect, onTestFinished } from 'vitest'
import { redisStorage } from '../src/redis-storage.ts'
import { ownPrefix, sharedUrl, test } from './support/redis-server.ts'

const prefix = ownPrefix()

async function open(port?: number) {
  const url = new URL(sharedUrl ?? 'redis://127.0.0.1:6379')
  if (port !== undefined) url.host = `127.0.0.1:${port}`
  const storage = redisStorage({ url: url.href, prefix })
  onTestFinished(() => storage.close())
  await storage.init()
  return storage
}

const write = { type: 'put', key: 'key', value: 1 } as const

test('a write elsewhere is hinted at, one of our own is not, and many at once are few hints', async () => {
  const [listening, writing] = [await open(), await open()]
  let calls = 0
  await listening.hint?.(() => calls++)
  calls = 0
  await listening.write([write])
  for (let index = 0; index < 200; index++) await writing.write([write])
  await expect.poll(() => calls).toBeGreaterThan(0)
  expect(calls).toBeLessThan(50)
})

test('hints come again after an outage, which nobody who listens hears as an error', async () => {
  const { port } = new URL(sharedUrl ?? '')
  const proxy = await startTcpProxy(Number(port || 6379))
  onTestFinished(() => proxy.close())
  const [listening, writing] = [await open(proxy.port), await open()]
  await proxy.refuse()
  let calls = 0
  await listening.hint?.(() => calls++)
  expect(calls).toBe(0)
  await proxy.heal()
  await expect.poll(() => writing.write([write]).then(() => calls), { timeout: 5000, interval: 50 }).toBeGreaterThan(1)
})
