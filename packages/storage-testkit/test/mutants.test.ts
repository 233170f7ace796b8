import { memoryStorage } from '@imnot/core'
import { expect, test } from 'vitest'
import { testStorage } from '../src/test-storage.ts'
import { type Mutant, mutants } from './mutants.ts'

/** The titles of the tests that a storage fails. */
async function failuresOf(mutant: Mutant): Promise<string[]> {
  const cases: [title: string, run: () => Promise<void>][] = []
  testStorage({
    name: '',
    test: (title, run) => cases.push([title, run]),
    create: async () => {
      let now = 1_700_000_000_000
      const storage = memoryStorage({ now: () => now })
      return {
        storage: { ...storage, ...mutant(storage) },
        advance: async (ms) => {
          now += ms
        },
        destroy: async () => undefined,
      }
    },
    skip: { 'records: a body of 50 MB comes back byte for byte': 'slow, and no mutant is about it' },
  })
  const failed: string[] = []
  for (const [title, run] of cases) {
    const outcome = await run().then(
      () => 'passed',
      () => 'failed',
    )
    if (outcome === 'failed') failed.push(title.replace(' › ', ''))
  }
  return failed
}

test('a storage that keeps every promise fails no test', async () => {
  expect(await failuresOf(() => ({}))).toEqual([])
})

test.each(Object.entries(mutants))('the suite notices a storage that breaks %s', async (name, mutant) => {
  const group = name.slice(0, name.indexOf(':'))
  expect(await failuresOf(mutant)).toContainEqual(expect.stringContaining(`${group}: `))
})
