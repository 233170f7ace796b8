import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest'
import { betterSqlite3Driver } from '../src/drivers/better-sqlite3.ts'
import type { SqliteDriver } from '../src/drivers/driver.ts'
import { createSqliteStorage, sqliteStorage } from '../src/sqlite-storage.ts'
import { temporaryFolder } from './temporary-folder.ts'

const put = (key: string, size = 0) => ({ type: 'put', key, value: null, body: Buffer.alloc(size, 1) }) as const

describe('a path that is no database of ours', () => {
  test('a folder is named as one', async () => {
    const folder = await temporaryFolder()
    await expect(sqliteStorage({ path: folder }).init()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining(`${folder} is a folder`),
    })
  })

  test('a file of something else is refused and left as it is', async () => {
    const path = join(await temporaryFolder(), 'notes.txt')
    await writeFile(path, 'These are notes, and no database. '.repeat(200))
    const before = await stat(path)
    await expect(sqliteStorage({ path }).init()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('is not a SQLite database'),
    })
    expect((await stat(path)).mtimeMs).toBe(before.mtimeMs)
  })

  test('the database of another application is refused and gets no table of ours', async () => {
    const path = join(await temporaryFolder(), 'shop.db')
    const shop = new Database(path)
    onTestFinished(() => void shop.close())
    shop.exec('CREATE TABLE customers (id INTEGER PRIMARY KEY)')
    await expect(sqliteStorage({ path }).init()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message: expect.stringContaining('customers'),
    })
    expect(shop.prepare('SELECT name FROM sqlite_master').all()).toEqual([{ name: 'customers' }])
    expect(shop.pragma('journal_mode', { simple: true })).toBe('delete')
  })

  test('a folder that cannot be made is told with its reason', async () => {
    const folder = await temporaryFolder()
    await writeFile(join(folder, 'file'), '')
    await expect(sqliteStorage({ path: join(folder, 'file', 'imnot.db') }).init()).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringMatching(/EEXIST|ENOTDIR/),
    })
  })

  test.each(['', ':memory:'])('%j is no file', (path) => {
    expect(() => sqliteStorage({ path })).toThrowError(expect.objectContaining({ code: 'CONFIG_INVALID' }))
  })

  test('init may be tried again when the cause is gone', async () => {
    const path = join(await temporaryFolder(), 'imnot.db')
    await mkdir(path)
    const storage = sqliteStorage({ path })
    onTestFinished(() => storage.close())
    await expect(storage.init()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
    await rm(path, { recursive: true })
    await storage.init()
    expect(await storage.write([put('key')])).toMatchObject({ ok: true })
  })
})

test('a schema from a later version is refused, and the version that made it is named', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  const storage = sqliteStorage({ path })
  await storage.init()
  await storage.close()
  const db = new Database(path)
  db.exec(`INSERT INTO imnot_migrations (number, name, applied_by) VALUES (99, 'later', '7.8.9')`)
  db.close()
  await expect(sqliteStorage({ path }).init()).rejects.toMatchObject({
    code: 'STORAGE_SCHEMA_NEWER',
    message: expect.stringContaining('7.8.9'),
  })
})

test('before init every use says what is missing', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  await expect(sqliteStorage({ path }).get(['key'])).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringContaining('init()'),
  })
})

test('ping fails when the file was removed while it was open', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  const storage = sqliteStorage({ path })
  onTestFinished(() => storage.close())
  await storage.init()
  expect(await storage.ping()).toBeUndefined()
  await rm(path)
  await expect(storage.ping()).rejects.toMatchObject({ code: 'STORAGE_UNAVAILABLE' })
})

test('a SQLite that is too old is refused', async () => {
  const path = join(await temporaryFolder(), 'imnot.db')
  const old: SqliteDriver = {
    name: 'better-sqlite3',
    open: () => {
      const db = new Database(path)
      db.function('sqlite_version', () => '3.34.1')
      return db
    },
  }
  await expect(createSqliteStorage({ path }, async () => old).init()).rejects.toMatchObject({
    code: 'STORAGE_UNAVAILABLE',
    message: expect.stringContaining('3.34.1'),
  })
})

describe('a full disk', () => {
  let storage: ReturnType<typeof sqliteStorage>
  let close: () => Promise<void>

  beforeEach(async () => {
    const folder = await temporaryFolder()
    const driver = await betterSqlite3Driver()
    // SQLite itself says that it is full: at 200 pages of 4 KiB.
    const small: SqliteDriver = {
      name: driver.name,
      open: (path) => {
        const db = driver.open(path)
        db.exec('PRAGMA max_page_count = 200')
        return db
      },
    }
    storage = createSqliteStorage({ path: join(folder, 'imnot.db') }, async () => small)
    await storage.init()
    await storage.write([put('kept', 300_000)])
    close = () => storage.close()
  })

  afterEach(() => close())

  test('refuses a write with STORAGE_FULL, wholly, and reads on', async () => {
    await expect(storage.write([put('small'), put('large', 900_000)])).rejects.toMatchObject({ code: 'STORAGE_FULL' })
    const [kept, small, large] = await storage.get(['kept', 'small', 'large'])
    expect([kept?.body?.byteLength, small, large]).toEqual([300_000, null, null])
  })

  test('refuses only the writes that do not fit of those started together', async () => {
    const outcomes = await Promise.allSettled([
      storage.write([put('a')]),
      storage.write([put('large', 900_000)]),
      storage.write([put('b')]),
      storage.increment('counter'),
    ])
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
    expect((await storage.list('')).map(({ key }) => key)).toEqual(['a', 'b', 'kept'])
    expect(await storage.increment('counter')).toBe(2)
  })

  test('takes writes again when there is room', async () => {
    await expect(storage.write([put('large', 600_000)])).rejects.toMatchObject({ code: 'STORAGE_FULL' })
    await storage.write([{ type: 'delete', key: 'kept' }])
    expect(await storage.write([put('large', 600_000)])).toMatchObject({ ok: true })
  })
})
