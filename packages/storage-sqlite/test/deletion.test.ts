import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, describe, expect, onTestFinished, test, vi } from 'vitest'
import { sqliteStorage } from '../src/sqlite-storage.ts'
import { temporaryFolder } from './temporary-folder.ts'

const marker = 'PLANTED-MARKER-7f3a'

async function markersOnDisk(path: string): Promise<number> {
  const files = [path, `${path}-wal`, `${path}-shm`].filter((file) => existsSync(file))
  const contents = await Promise.all(files.map((file) => readFile(file, 'latin1')))
  return contents.reduce((sum, content) => sum + content.split(marker).length - 1, 0)
}

async function openStorage(now?: () => number) {
  const path = join(await temporaryFolder(), 'imnot.db')
  const storage = sqliteStorage({ path, ...(now && { now }) })
  onTestFinished(() => storage.close())
  await storage.init()
  return { path, storage }
}

const put = (key: string, body: string) => ({ type: 'put', key, value: null, body: Buffer.from(body) }) as const

describe('deleted content', () => {
  test.each([30, 3000, 300_000])('of %i bytes leaves the disk while the database is open', async (size) => {
    const { path, storage } = await openStorage()
    await storage.write([put('secret', marker.padEnd(size, '.')), put('other', 'stays')])
    expect(await markersOnDisk(path)).toBeGreaterThan(0)
    await storage.write([{ type: 'delete', key: 'secret' }])
    await expect.poll(() => markersOnDisk(path), { timeout: 3000, interval: 20 }).toBe(0)
    expect((await stat(`${path}-wal`)).size).toBe(0)
    expect((await storage.get(['other']))[0]?.key).toBe('other')
  })

  test('leaves the disk although another instance is at work on the database', async () => {
    const { path, storage } = await openStorage()
    const other = sqliteStorage({ path })
    onTestFinished(() => other.close())
    await other.init()
    await other.write([put('secret', marker)])
    await storage.write([{ type: 'delete', key: 'secret' }])
    const busy = setInterval(() => void other.write([put('noise', 'noise')]), 1)
    onTestFinished(() => clearInterval(busy))
    await expect.poll(() => markersOnDisk(path), { timeout: 3000, interval: 20 }).toBe(0)
  })

  test('that had expired leaves the disk once the storage is used', async () => {
    let now = 1_700_000_000_000
    const { path, storage } = await openStorage(() => now)
    await storage.write([{ ...put('secret', marker), expiresAt: now + 1000 }])
    now += 1000
    await expect
      .poll(
        async () => {
          await storage.claim('any', { limit: 1, leaseMs: 1 })
          return markersOnDisk(path)
        },
        { timeout: 5000, interval: 20 },
      )
      .toBe(0)
  })

  test('that was only replaced has left the disk after close', async () => {
    const { path, storage } = await openStorage()
    await storage.write([put('secret', marker)])
    await storage.write([put('secret', 'harmless')])
    await storage.close()
    expect(await markersOnDisk(path)).toBe(0)
    expect(existsSync(`${path}-wal`)).toBe(false)
  })
})

/** Rows that are deleted in this order make SQLite move those that are still to be deleted, and their copies survive. */
describe('copies that SQLite made when it moved rows', () => {
  afterEach(() => {
    vi.useRealTimers()
  })

  async function deleteMany(storage: Awaited<ReturnType<typeof openStorage>>['storage']): Promise<void> {
    const random = sequence(3)
    const keys = Array.from({ length: 2000 }, (_, index) => `s/${(index * 7919) % 100_003}`)
    const bodies = keys.map((_, index) => (index % 10 === 0 ? 'x' : marker).repeat(1 + Math.floor(random() * 60)))
    await storage.write(keys.map((key, index) => put(key, bodies[index] ?? '')))
    const doomed = keys.filter((_, index) => index % 10 !== 0).sort()
    await storage.write(doomed.map((key) => ({ type: 'delete', key }) as const))
  }

  test('have left the disk after close', async () => {
    const { path, storage } = await openStorage()
    await deleteMany(storage)
    await storage.close()
    expect(await markersOnDisk(path)).toBe(0)
  })

  test('leave the disk some seconds later while the database is open', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
    const { path, storage } = await openStorage()
    await deleteMany(storage)
    await vi.advanceTimersByTimeAsync(5000)
    const afterTruncation = await markersOnDisk(path)
    await vi.advanceTimersByTimeAsync(15_000)
    expect({ afterTruncation: afterTruncation > 0, later: await markersOnDisk(path) }).toEqual({
      afterTruncation: true,
      later: 0,
    })
    expect(await storage.list('s/')).toHaveLength(200)
  })
})

/** Numbers below 1 that look random and are the same in each run. */
function sequence(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}
