import assert from 'node:assert/strict'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { sqliteStorage } from '../src/sqlite-storage.ts'
import { spawnChild } from './children/spawn-child.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function openStorage(path: string) {
  const storage = sqliteStorage({ path })
  onTestFinished(() => storage.close())
  await storage.init()
  return storage
}

test('what was acknowledged before SIGKILL is there afterwards, and no write is there by half', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  for (const round of ['first', 'second']) {
    const child = spawnChild('acknowledging-writer.mts', path, round)
    await child.printed(400)
    child.process.kill('SIGKILL')
    expect(await child.ended).toBe('SIGKILL')

    const storage = await openStorage(path)
    const acknowledged = child.lines.map((line) => line.split(' '))
    for (const [key = '', version, twinVersion] of acknowledged) {
      const [record, twin] = await storage.get([key, `${key}/twin`])
      assert.deepEqual([record?.version, twin?.version], [Number(version), Number(twinVersion)], key)
      assert.equal(record?.body?.byteLength, 1500)
    }
    const keys = new Set((await storage.list(`${round}/`, { limit: 1_000_000 })).map(({ key }) => key))
    for (const key of keys) assert.ok(keys.has(key.endsWith('/twin') ? key.slice(0, -5) : `${key}/twin`), key)
    expect(keys.size).toBeGreaterThanOrEqual(800)
  }
})

test('many processes may start on one new database at once', async () => {
  const path = join(await temporaryFolder(), 'new', 'imnot.db')
  const children = Array.from({ length: 6 }, (_, index) => spawnChild('starter.mts', path, `from/${index}`))
  expect(await Promise.all(children.map(({ ended }) => ended))).toEqual([0, 0, 0, 0, 0, 0])
  const storage = await openStorage(path)
  const records = await storage.list('from/')
  expect(records.map(({ value }) => value)).toEqual(children.map(({ process }) => process.pid))
  expect(records.map(({ version }) => String(version))).toEqual(children.map(({ lines }) => lines[0]))
})

test('while another process holds the lock our event loop runs on, reads answer, and the write succeeds afterwards', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  const storage = await openStorage(path)
  await storage.write([{ type: 'put', key: 'before', value: 1 }])
  const child = spawnChild('lock-holder.mts', path, '300')
  await child.printed(1)

  let longestPauseMs = 0
  let last = performance.now()
  const ticker = setInterval(() => {
    longestPauseMs = Math.max(longestPauseMs, performance.now() - last)
    last = performance.now()
  }, 5)
  onTestFinished(() => clearInterval(ticker))

  const startedAt = performance.now()
  const write = storage.write([{ type: 'put', key: 'after', value: 2 }])
  expect((await storage.get(['before']))[0]?.value).toBe(1)
  expect(performance.now() - startedAt).toBeLessThan(150)
  expect((await write).ok).toBe(true)
  expect(performance.now() - startedAt).toBeGreaterThan(150)
  expect(longestPauseMs).toBeLessThan(150)
  expect(await child.ended).toBe(0)
})

test('a lock that is held for longer than two seconds ends the write with STORAGE_BUSY, and the next one works', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  const storage = await openStorage(path)
  const child = spawnChild('lock-holder.mts', path, '60000')
  await child.printed(1)
  await expect(storage.write([{ type: 'put', key: 'key', value: 1 }])).rejects.toMatchObject({
    code: 'STORAGE_BUSY',
    message: expect.stringContaining(path),
  })
  child.process.kill('SIGKILL')
  await child.ended
  expect(await storage.write([{ type: 'put', key: 'key', value: 2, expect: 'absent' }])).toMatchObject({ ok: true })
})

test('a change by another process is hinted at within 100 ms of being committed', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  const storage = await openStorage(path)
  const noticedAt = new Promise<number>((resolve) => {
    void storage.hint?.(() => resolve(performance.now()))
  })
  const other = await openStorage(path)
  await other.write([{ type: 'put', key: 'key', value: 1 }])
  const committedAt = performance.now()
  // Twice the promise, since this machine may be busy with other tests.
  expect((await noticedAt) - committedAt).toBeLessThan(200)
})
