import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSortedSet } from '../../src/storage/sorted-set.ts'

const byNumber = (a: number, b: number) => a - b

test('it does what a sorted list does, whatever the order of changes', () => {
  const change = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 3000 }))
  const changes = fc.array(change, { minLength: 100, maxLength: 3000, size: 'max' })
  fc.assert(
    fc.property(changes, fc.integer({ min: -1, max: 3001 }), (steps, start) => {
      const set = createSortedSet(byNumber)
      const model = new Set<number>()
      for (const [isAdded, item] of steps) {
        set[isAdded ? 'add' : 'delete'](item)
        model[isAdded ? 'add' : 'delete'](item)
      }
      const sorted = [...model].sort(byNumber)
      expect([...set.from(start)]).toEqual(sorted.filter((item) => item >= start))
      expect([...set.downFrom(start)]).toEqual(sorted.filter((item) => item < start).reverse())
      expect(set.first()).toBe(sorted[0])
    }),
    { numRuns: 50 },
  )
})

test('100,000 items may be added and deleted in any order within a second or two', () => {
  const set = createSortedSet(byNumber)
  const items = Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 100_003)
  const startedAt = performance.now()
  for (const item of items) set.add(item)
  expect([...set.from(50_000)].slice(0, 3)).toEqual([50_000, 50_001, 50_002])
  for (const item of items.toReversed()) set.delete(item)
  expect(set.first()).toBeUndefined()
  expect(performance.now() - startedAt).toBeLessThan(2000)
})
