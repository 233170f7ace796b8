import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/storage/memory-storage.ts'

// What every storage promises is tested by the conformance suite of @imnot/storage-testkit.

test('after close every use fails with STORAGE_CLOSED', async () => {
  const storage = memoryStorage()
  await storage.close()
  await expect(storage.get(['key'])).rejects.toMatchObject({ code: 'STORAGE_CLOSED' })
})

test('a write that names a key twice is a mistake, and writes nothing', async () => {
  const storage = memoryStorage()
  const write = storage.write([
    { type: 'put', key: 'key', value: 1 },
    { type: 'check', key: 'key', expect: 'absent' },
  ])
  await expect(write).rejects.toThrow('key twice')
  expect(await storage.list('')).toEqual([])
})

test('a queue without a time is a mistake', async () => {
  const write = memoryStorage().write([{ type: 'put', key: 'key', value: 1, queue: 'q' }])
  await expect(write).rejects.toThrow('queue and dueAt')
})

test('a value that JSON cannot say leaves no half of its write behind', async () => {
  const storage = memoryStorage()
  const write = storage.write([
    { type: 'put', key: 'good', value: 1 },
    { type: 'put', key: 'bad', value: 1n as unknown as number },
  ])
  await expect(write).rejects.toThrow(TypeError)
  expect(await storage.list('')).toEqual([])
})

test('elapsed counters are forgotten', async () => {
  let now = 1000
  const storage = memoryStorage({ now: () => now })
  await storage.increment('window', { ttlMs: 10 })
  now += 10
  for (let index = 0; index < 10_001; index++) await storage.increment('other')
  expect(await storage.increment('window', { ttlMs: 10 })).toBe(1)
})
