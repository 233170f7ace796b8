import { Redis, type RedisOptions } from 'ioredis'
import { expect, onTestFinished } from 'vitest'
import { redisStorage } from '../src/redis-storage.ts'
import { ownPrefix, sharedUrl, test } from './support/redis-server.ts'

const url = sharedUrl ?? ''
const prefix = ownPrefix()

function clientOf(options: Pick<RedisOptions, 'autoResendUnfulfilledCommands'> = {}) {
  const client = new Redis(url, options)
  onTestFinished(() => client.disconnect())
  return client
}

test('a client that was handed over is not closed, and the storage cannot be used after close', async () => {
  const client = clientOf()
  const storage = redisStorage({ client, prefix })
  await storage.init()
  await storage.write([{ type: 'put', key: 'key', value: 1 }])
  await storage.close()
  expect(await client.ping()).toBe('PONG')
  await expect(storage.get(['key'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
})

test('a client that sends writes again is reported, with what to set', async () => {
  const warningsOf = async (client: Redis) => {
    const warnings: string[] = []
    await redisStorage({ client, prefix, onWarning: (message) => warnings.push(message) }).init()
    return warnings.filter((warning) => warning.includes('may be done twice'))
  }
  expect(await warningsOf(clientOf())).toEqual([expect.stringContaining('autoResendUnfulfilledCommands: false')])
  expect(await warningsOf(clientOf({ autoResendUnfulfilledCommands: false }))).toEqual([])
})

test('a client that cannot be duplicated makes a storage without hints', async () => {
  const client = clientOf()
  const storage = redisStorage({ client: { callBuffer: (command, args) => client.callBuffer(command, args) }, prefix })
  await storage.init()
  expect(storage.hint).toBe(undefined)
  expect(await storage.write([{ type: 'put', key: 'key', value: 1 }])).toMatchObject({ ok: true })
})

test('a client that answers numbers as strings and maps as objects is understood', async () => {
  const client = new Redis(url, { stringNumbers: true, replyMapping: 'resp3' })
  onTestFinished(() => client.disconnect())
  const warnings: string[] = []
  const storage = redisStorage({ client, prefix, onWarning: (message) => warnings.push(message) })
  await storage.init()
  const body = Buffer.alloc(2_000_000, 1)
  const result = await storage.write([{ type: 'put', key: 'strings', value: 1, body, queue: 'strings', dueAt: 1 }])
  expect(result).toMatchObject({ ok: true, versions: [expect.any(Number)] })
  expect((await storage.get(['strings']))[0]?.body?.byteLength).toBe(2_000_000)
  const { now, records } = await storage.claim('strings', { limit: 1, leaseMs: 1000 })
  expect([typeof now, records[0]?.key]).toEqual(['number', 'strings'])
  expect(await storage.increment('strings', { by: 0 })).toBe(0)
})
