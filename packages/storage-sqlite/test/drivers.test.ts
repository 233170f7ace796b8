import { afterEach, expect, test, vi } from 'vitest'

afterEach(() => {
  vi.doUnmock('better-sqlite3')
  vi.resetModules()
  vi.restoreAllMocks()
})

async function loadDriver() {
  vi.resetModules()
  return (await import('../src/drivers/load-driver.ts')).loadDriver
}

function withoutNodeSqlite(): void {
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
}

function notInstalled(): void {
  vi.doMock('better-sqlite3', () => {
    throw new Error("Cannot find package 'better-sqlite3'")
  })
}

function notBuilt(): void {
  vi.doMock('better-sqlite3', () => ({
    default: class {
      constructor() {
        throw new Error('Could not locate the bindings file')
      }
    },
  }))
}

test('where neither driver is there, the error says what to install', async () => {
  withoutNodeSqlite()
  notInstalled()
  await expect((await loadDriver())()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('run: npm install better-sqlite3'),
  })
})

test('where better-sqlite3 was never built, the error says how to build it', async () => {
  withoutNodeSqlite()
  notBuilt()
  await expect((await loadDriver())()).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('run: npm rebuild better-sqlite3'),
  })
})

test('where better-sqlite3 is missing and Node has SQLite, that is used', async () => {
  notInstalled()
  const opened: string[] = []
  class DatabaseSync {
    constructor(path: string) {
      opened.push(path)
    }
  }
  vi.spyOn(process, 'getBuiltinModule').mockReturnValue({ DatabaseSync } as never)
  const driver = await (await loadDriver())()
  driver.open('/some/path')
  expect([driver.name, opened]).toEqual(['node:sqlite', ['/some/path']])
})

test('a driver that was asked for by name is not replaced by the other', async () => {
  notInstalled()
  await expect((await loadDriver())('better-sqlite3')).rejects.toMatchObject({ code: 'STORAGE_DRIVER_MISSING' })
  withoutNodeSqlite()
  await expect((await loadDriver())('node:sqlite')).rejects.toMatchObject({
    code: 'STORAGE_DRIVER_MISSING',
    message: expect.stringContaining('node:sqlite'),
  })
})
