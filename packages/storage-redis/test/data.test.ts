import { Redis } from 'ioredis'
import { describe, expect, onTestFinished } from 'vitest'
import { version as packageVersion } from '../package.json'
import { redisStorage } from '../src/redis-storage.ts'
import { ownPrefix, sharedUrl, test } from './support/redis-server.ts'

const url = sharedUrl ?? ''

async function open(prefix: string) {
  const client = new Redis(url)
  const storage = redisStorage({ url, prefix })
  onTestFinished(async () => {
    await storage.close()
    client.disconnect()
  })
  await storage.init()
  const names = async () => (await client.keys(`{${prefix}}:*`)).map((name) => name.slice(prefix.length + 3)).sort()
  return { client, storage, prefix, names }
}

const large = Buffer.alloc(1_500_000, 'large')

describe('what is left in Redis', () => {
  const prefix = ownPrefix()

  test('a deleted record leaves nothing behind', async () => {
    const { storage, names } = await open(prefix)
    const whole = { type: 'put', value: 1, body: large, expiresAt: 4e12, queue: 'q', dueAt: 4e12 } as const
    await storage.write([
      { ...whole, key: 'a' },
      { ...whole, key: 'b' },
    ])
    expect(await names()).toEqual(['expiry', 'format', 'keys', 'queue:q', 'record:a', 'record:b', 'version'])
    await storage.write(['a', 'b'].map((key) => ({ type: 'delete', key })))
    expect(await names()).toEqual(['format', 'version'])
  })

  test('an expired record is erased by whatever is written or claimed next', async () => {
    const { storage, names } = await open(prefix)
    const expired = { type: 'put', value: 1, expiresAt: 1, queue: 'q', dueAt: 4e12 } as const
    await storage.write(Array.from({ length: 250 }, (_, index) => ({ ...expired, key: `e/${index}` })))
    for (let portion = 0; portion < 3; portion++) await storage.claim('another', { limit: 1, leaseMs: 1 })
    expect(await names()).toEqual(['format', 'version'])
  })

  test('a record that Redis evicted is no record, and is no trouble', async () => {
    const { storage, client, names } = await open(prefix)
    await storage.write([{ type: 'put', key: 'key', value: 1, queue: 'q', dueAt: 1, expiresAt: 4e12 }])
    await client.del(`{${prefix}}:record:key`)
    expect(await storage.list('')).toEqual([])
    expect(await storage.claim('q', { limit: 1, leaseMs: 1 })).toMatchObject({ records: [], nextDueAt: null })
    expect(await names()).toEqual(['format', 'version'])
  })
})

describe('the format', () => {
  const prefix = ownPrefix()

  test('data from a later version are refused and named, and accepted again when they are ours', async () => {
    const { client } = await open(prefix)
    await client.hset(`{${prefix}}:format`, 'number', 99, 'madeBy', '7.8.9')
    const storage = redisStorage({ url, prefix })
    onTestFinished(() => storage.close())
    await expect(storage.init()).rejects.toMatchObject({
      code: 'STORAGE_SCHEMA_NEWER',
      message: expect.stringMatching(/7\.8\.9.*format 99/),
    })
    await client.hset(`{${prefix}}:format`, 'number', 1, 'madeBy', packageVersion)
    await storage.init()
    await storage.ping()
  })

  test('keys of another application are refused and left as they are', async () => {
    const client = new Redis(url)
    onTestFinished(() => client.disconnect())
    const other = `${prefix}-other`
    await client.set(`{${other}}:keys`, 'mine')
    onTestFinished(async () => void (await new Redis(url).del(`{${other}}:keys`)))
    await expect(redisStorage({ url, prefix: other }).init()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('another prefix'),
    })
    expect(await client.keys(`{${other}}:*`)).toEqual([`{${other}}:keys`])
  })
})

describe('large bodies', () => {
  const prefix = ownPrefix()

  test('come with get, list, claim and a conflict, and stay out when their version is known', async () => {
    const { storage } = await open(prefix)
    const put = { type: 'put', key: 'large', value: 1, body: large, queue: 'q', dueAt: 1 } as const
    await storage.write([put])
    const [claimed] = (await storage.claim('q', { limit: 1, leaseMs: 60_000 })).records
    const conflict = await storage.write([{ ...put, expect: 'absent' }])
    const found = [
      claimed,
      (await storage.get(['large']))[0],
      (await storage.list('', { bodies: true }))[0],
      conflict.ok ? null : conflict.conflict.current,
    ]
    for (const record of found) expect(large.equals(record?.body ?? Buffer.alloc(0))).toBe(true)
    const [known] = await storage.get(['large'], { known: new Map([['large', claimed?.version ?? 0]]) })
    expect([known?.version, known?.body]).toEqual([claimed?.version, undefined])
  })

  test('never come with the value of another version while they are replaced', async () => {
    const { storage } = await open(prefix)
    const { storage: other } = await open(prefix)
    const write = (round: number) =>
      other.write([{ type: 'put', key: 'turning', value: round, body: Buffer.alloc(1_500_000, round) }])
    await write(0)
    let isOver = false
    const writing = (async () => {
      for (let round = 1; round <= 40; round++) await write(round)
      isOver = true
    })()
    while (!isOver) {
      const [record] = await storage.get(['turning'])
      expect([record?.body?.at(0), record?.body?.at(-1)]).toEqual([record?.value, record?.value])
    }
    await writing
  })
})

const unwritten = ownPrefix()

test('a moment that is no number is refused before anything is written', async () => {
  const { storage, names } = await open(unwritten)
  const operations = [{ type: 'put', key: 'key', value: 1, expiresAt: Number.NaN } as const]
  await expect(storage.write(operations)).rejects.toThrow(TypeError)
  expect(await names()).toEqual(['format'])
})
