import { expect, test } from 'vitest'
import { explained, isBusy } from '../src/sqlite-errors.ts'

const betterSqlite3Error = (code: string) => Object.assign(new Error('some reason'), { code })
const nodeSqliteError = (errcode: number) =>
  Object.assign(new Error('some reason'), { code: 'ERR_SQLITE_ERROR', errcode })

test.each([
  ['SQLITE_FULL', 13, 'STORAGE_FULL'],
  ['SQLITE_BUSY', 5, 'STORAGE_BUSY'],
  ['SQLITE_IOERR_WRITE', 778, 'STORAGE_UNAVAILABLE'],
  ['SQLITE_CORRUPT', 11, 'STORAGE_UNAVAILABLE'],
  ['SQLITE_CONSTRAINT_UNIQUE', 2067, 'STORAGE_UNAVAILABLE'],
])('%s, which node:sqlite calls %i, is a %s', (name, errcode, code) => {
  for (const error of [betterSqlite3Error(name), nodeSqliteError(errcode)]) {
    expect(explained(error, '/data/imnot.db')).toMatchObject({
      name: 'ImnotError',
      code,
      message: expect.stringMatching(/\/data\/imnot\.db .*some reason/),
      cause: error,
    })
  }
})

test('only a lock of another connection is worth a retry', () => {
  const busy = [betterSqlite3Error('SQLITE_BUSY_SNAPSHOT'), nodeSqliteError(517), betterSqlite3Error('SQLITE_LOCKED')]
  expect(busy.map(isBusy)).toEqual([true, true, true])
  expect([betterSqlite3Error('SQLITE_FULL'), new Error('busy'), null].map(isBusy)).toEqual([false, false, false])
})

test('what SQLite did not throw comes back as it is', () => {
  const error = new TypeError('a mistake')
  expect(explained(error, '/data/imnot.db')).toBe(error)
})
