import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type OwnRedis, startOwnRedis } from '@imnot/tooling/servers/own-redis'
import { Redis } from 'ioredis'
import { describe, expect, onTestFinished } from 'vitest'
import { redisStorage } from '../src/redis-storage.ts'
import { ownServerTest as test } from './support/redis-server.ts'

async function server(...settings: string[]): Promise<OwnRedis> {
  const started = await startOwnRedis(...settings)
  onTestFinished(() => started.remove())
  return started
}

function clientOf({ url }: OwnRedis): Redis {
  const client = new Redis(url, { retryStrategy: null })
  client.on('error', () => undefined)
  onTestFinished(() => client.disconnect())
  return client
}

async function open(url: string, onWarning?: (message: string) => void) {
  const storage = redisStorage({ url, ...(onWarning && { onWarning }) })
  onTestFinished(() => storage.close())
  await storage.init()
  return storage
}

const put = (key: string, size = 10) => ({ type: 'put', key, value: null, body: Buffer.alloc(size, key) }) as const

describe('settings that can lose data', () => {
  async function warningsOf(...settings: string[]): Promise<string[]> {
    const warnings: string[] = []
    await open((await server(...settings)).url, (message) => warnings.push(message))
    return warnings
  }

  test('a server without an append-only file is reported', async () => {
    expect(await warningsOf()).toEqual([expect.stringMatching(/no append-only file.*set appendonly yes/)])
  })

  test('an append-only file that nobody forces to the disk is reported', async () => {
    expect(await warningsOf('--appendonly', 'yes', '--appendfsync', 'no')).toEqual([
      expect.stringContaining('set appendfsync everysec, or always'),
    ])
  })

  test('eviction of records is reported, where memory is limited', async () => {
    const settings = ['--appendonly', 'yes', '--maxmemory-policy', 'allkeys-lru']
    expect(await warningsOf(...settings, '--maxmemory', '100mb')).toEqual([
      expect.stringContaining('set maxmemory-policy noeviction'),
    ])
    expect(await warningsOf(...settings)).toEqual([])
  })

  test('a server whose settings may not be read is used without a word', async () => {
    const warnings: string[] = []
    const { port } = await server('--rename-command', 'CONFIG', '')
    await (await open(`redis://127.0.0.1:${port}`, (message) => warnings.push(message))).ping()
    expect(warnings).toEqual([])
  })
})

test('a full server refuses a write whole, goes on reading, claiming and deleting, and writes again when there is room', async () => {
  const own = await server('--maxmemory', '20mb', '--maxmemory-policy', 'noeviction')
  const storage = await open(own.url)
  await storage.write([put('small'), { ...put('job'), queue: 'q', dueAt: 1 }])
  const kept: string[] = []
  let refusal: unknown
  for (let index = 0; refusal === undefined && index < 100; index++) {
    await storage.write([put(`a/${index}`, 500_000), put(`b/${index}`, 500_000), put('small', index)]).then(
      () => kept.push(`a/${index}`, `b/${index}`),
      (error: unknown) => {
        refusal = error
      },
    )
  }
  expect(refusal).toMatchObject({ code: 'STORAGE_FULL', message: expect.stringContaining('maxmemory') })
  expect((await storage.list('', { limit: 1000 })).map(({ key }) => key)).toEqual([...kept, 'job', 'small'].sort())
  expect((await storage.get(['small']))[0]?.body?.byteLength).toBe(kept.length / 2 - 1)
  expect((await storage.claim('q', { limit: 1, leaseMs: 1000 })).records[0]?.key).toBe('job')
  await storage.write(kept.map((key) => ({ type: 'delete', key })))
  await expect.poll(() => storage.write([put('again', 500_000)]).then(({ ok }) => ok, String)).toBe(true)
})

test('scripts that the server forgot are sent again', async () => {
  const own = await server()
  const storage = await open(own.url)
  await clientOf(own).script('FLUSH')
  const [first, second] = await Promise.all([storage.write([put('a')]), storage.write([put('b')])])
  expect([first.ok, second.ok]).toEqual([true, true])
  await clientOf(own).script('FLUSH')
  expect((await storage.list('')).map(({ key }) => key)).toEqual(['a', 'b'])
})

test('what was acknowledged before the server was killed is there afterwards, without a new storage', async () => {
  const own = await server('--appendonly', 'yes')
  const storage = await open(own.url)
  const acknowledged: string[] = []
  let isOver = false
  async function writeOn(writer: number): Promise<void> {
    for (let step = 0; !isOver; step++) {
      const key = `${writer}/${step}`
      const { ok } = await storage.write([put(key), put(`${key}/twin`)])
      if (ok) acknowledged.push(key)
    }
  }
  const writers = Promise.allSettled(Array.from({ length: 16 }, (_, writer) => writeOn(writer)))
  await expect.poll(() => acknowledged.length, { timeout: 10_000 }).toBeGreaterThan(500)
  await own.stop('SIGKILL')
  isOver = true
  await writers
  await own.start()
  await expect.poll(() => storage.ping().then(() => 'up', String), { timeout: 4000, interval: 20 }).toBe('up')
  const keys = new Set((await storage.list('', { limit: 1_000_000 })).map(({ key }) => key))
  expect(acknowledged.filter((key) => !keys.has(key) || !keys.has(`${key}/twin`))).toEqual([])
  expect([...keys].filter((key) => !keys.has(key.endsWith('/twin') ? key.slice(0, -5) : `${key}/twin`))).toEqual([])
})

test('a version does not come again after the server has lost everything', async () => {
  const own = await server()
  const storage = await open(own.url)
  const before = await storage.write([put('key')])
  await clientOf(own).flushall()
  const after = await storage.write([put('key')])
  expect(after.ok && before.ok && (after.versions[0] ?? 0) > (before.versions[0] ?? 0)).toBe(true)
})

test('a server that freezes is noticed, and used again when it goes on', async () => {
  const own = await server()
  const storage = await open(own.url)
  own.pause()
  const startedAt = performance.now()
  await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  await expect(storage.write([put('key')])).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
  expect(performance.now() - startedAt).toBeLessThan(5000)
  own.resume()
  await expect.poll(() => storage.ping().then(() => 'up', String), { timeout: 4000, interval: 20 }).toBe('up')
})

test('a script of somebody else that keeps the server busy makes a call STORAGE_BUSY', async () => {
  const own = await server('--lua-time-limit', '50')
  const storage = await open(own.url)
  const endless = clientOf(own).eval('while true do end', 0)
  const ended = endless.catch((error: Error) => error.message)
  const admin = clientOf(own)
  await expect.poll(() => admin.ping().catch((error: Error) => error.message), { interval: 20 }).toMatch(/^BUSY/)
  await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_BUSY' })
  await admin.script('KILL')
  expect(await ended).toMatch(/script killed/i)
  expect((await storage.write([put('key')])).ok).toBe(true)
})

test('a replica reads, and says that it takes no writes', async () => {
  const own = await server()
  const storage = await open(own.url)
  await storage.write([put('key')])
  await clientOf(own).replicaof('127.0.0.1', '1')
  expect((await storage.get(['key']))[0]?.key).toBe('key')
  await expect(storage.write([put('other')])).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringContaining('is a replica'),
  })
})

test('a wrong password, and none, are told without repeating one', async () => {
  const { port } = await server('--requirepass', 'correct')
  const causes = { 'redis://:hunter2@': /does not accept/, 'redis://': /asks for a password/ }
  for (const [begin, message] of Object.entries(causes)) {
    const storage = redisStorage({ url: `${begin}127.0.0.1:${port}` })
    const error = await storage.init().catch((reason: Error) => reason)
    expect(error).toMatchObject({ code: 'STORAGE_UNAVAILABLE', message: expect.stringMatching(message) })
    const { cause } = error as Error
    expect(JSON.stringify([(error as Error).message, { ...(cause as object) }])).not.toContain('hunter2')
  }
  await (await open(`redis://:correct@127.0.0.1:${port}`)).ping()
})

test('a user needs no more rights than the README says', async () => {
  const own = await server()
  const rights = ['~{imnot}:*', '&{imnot}:*', '+@all', '-@admin', '-@dangerous']
  await clientOf(own).acl('SETUSER', 'imnot', 'on', '>secret', ...rights)
  const storage = await open(own.url.replace('//', '//imnot:secret@'))
  const hinted = new Promise<void>((resolve) => void storage.hint?.(resolve))
  expect((await storage.write([put('key')])).ok).toBe(true)
  await storage.increment('c', { ttlMs: 1000 })
  await hinted
  const outside = redisStorage({ url: own.url.replace('//', '//imnot:secret@'), prefix: 'other' })
  await expect(outside.init()).rejects.toMatchObject({ message: expect.stringContaining('does not permit') })
})

test('a single node of a Cluster serves an injected client, and a hint', async () => {
  const own = await server('--cluster-enabled', 'yes', '--cluster-announce-ip', '127.0.0.1')
  const admin = clientOf(own)
  await admin.call('CLUSTER', 'ADDSLOTS', ...Array.from({ length: 16_384 }, (_, slot) => slot))
  await expect.poll(() => admin.cluster('INFO'), { timeout: 10_000 }).toContain('cluster_state:ok')
  const { Cluster } = await import('ioredis')
  const client = new Cluster([{ host: '127.0.0.1', port: own.port }], { retryDelayOnFailover: 0 })
  onTestFinished(() => client.disconnect())
  const warnings: string[] = []
  const storage = redisStorage({ client, onWarning: (message) => warnings.push(message) })
  onTestFinished(() => storage.close())
  await storage.init()
  expect(warnings).toEqual([expect.stringContaining('append-only')])
  const hinted = new Promise<void>((resolve) => void storage.hint?.(resolve))
  await storage.write([{ ...put('job'), queue: 'q', dueAt: 1, expiresAt: 4e12 }, put('large', 2_000_000)])
  const { records } = await storage.claim('q', { limit: 10, leaseMs: 1000 })
  expect(records.map(({ key }) => key)).toEqual(['job'])
  expect((await storage.list('', { bodies: true })).map(({ body }) => body?.byteLength)).toEqual([10, 2_000_000])
  expect(await storage.increment('c')).toBe(1)
  await hinted
})

test('nothing keeps a process alive that has closed its storage', async () => {
  const own = await server()
  const program = `
    import { redisStorage } from '${new URL('../src/redis-storage.ts', import.meta.url).href}'
    const storage = redisStorage({ url: '${own.url}' })
    await storage.init()
    await storage.hint(() => {})
    await storage.write([{ type: 'put', key: 'key', value: 1 }])
    await storage.close()
  `
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--conditions', 'imnot-source', '--input-type=module', '-e', program],
    {
      cwd: new URL('..', import.meta.url),
      stdio: 'inherit',
    },
  )
  expect(await once(child, 'exit')).toEqual([0, null])
})
