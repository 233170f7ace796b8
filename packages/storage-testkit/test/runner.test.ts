import assert from 'node:assert/strict'
import { memoryStorage, type Storage } from '@imnot/core'
import { expect, test } from 'vitest'
import { type TestStorageOptions, testStorage } from '../src/test-storage.ts'

const create = async () => ({ storage: memoryStorage(), destroy: async () => undefined })

function register(options: Partial<TestStorageOptions>) {
  const run: [title: string, run: (...context: unknown[]) => Promise<void>][] = []
  const skipped: string[] = []
  const collect = Object.assign((title: string, body: () => Promise<void>) => run.push([title, body]), {
    skip: (title: string) => skipped.push(title),
  })
  testStorage({ test: collect, create, ...options })
  return { run, skipped }
}

test('a skipped group and a skipped test are reported with their reasons', () => {
  const { run, skipped } = register({
    name: 'mine',
    skip: { counters: 'this one cannot count', 'claims: a deleted record leaves its queue': 'not yet' },
  })
  expect(skipped.every((title) => /^mine › (counters|claims): .* \(skipped: .+\)$/.test(title))).toBe(true)
  expect(skipped.filter((title) => title.endsWith('(skipped: not yet)'))).toHaveLength(1)
  expect(run.some(([title]) => title.includes('counters: '))).toBe(false)
})

test('a skip that names no group and no test is a mistake', () => {
  expect(() => register({ skip: { conters: 'a slip' } })).toThrowError(/'conters'.*known are: records/)
})

test('what the harness does not offer is skipped while the test runs, with the reason', async () => {
  const { run } = register({})
  const [, restart] = run.find(([title]) => title.includes('everything is there again after a restart')) ?? []
  assert.ok(restart)
  const reasons: string[] = []
  await restart({ skip: (reason: string) => reasons.push(reason) })
  expect(reasons).toEqual(['the harness offers no reopen()'])
})

test('every instance is closed and the data removed, also after a failure', async () => {
  const events: string[] = []
  const broken = (): Storage => ({
    ...memoryStorage(),
    get: async () => {
      throw new Error('broken')
    },
    close: async () => {
      events.push('close')
    },
  })
  const { run } = register({
    create: async () => ({
      storage: broken(),
      second: async () => broken(),
      destroy: async () => {
        events.push('destroy')
      },
    }),
  })
  const [, contended] = run.find(([title]) => title.includes('seen at once, by every instance')) ?? []
  await expect(contended?.()).rejects.toThrow('broken')
  expect(events).toEqual(['close', 'close', 'destroy'])
})
