import assert from 'node:assert/strict'
import type { Storage } from '@imnot/core'
import { assertConflict, getOne, listedKeys, put, putOne, storedValue, writeAll } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

export const writes: TestGroup = {
  name: 'writes',
  cases: [
    {
      title: 'one write puts, deletes and checks, and tells the versions in the order given',
      async run({ storage }) {
        const kept = await putOne(storage, 'kept')
        await putOne(storage, 'gone')
        const result = await writeAll(
          storage,
          put('z', { value: 'z' }),
          { type: 'delete', key: 'gone' },
          { type: 'check', key: 'kept', expect: kept },
          put('a', { value: 'a' }),
        )
        const [z, gone, checked, a] = await storage.get(['z', 'gone', 'kept', 'a'])
        assert.equal(gone, null)
        assert.equal(checked?.version, kept, 'a check changes nothing')
        assert.deepEqual(result, [z?.version, 0, 0, a?.version])
      },
    },
    {
      title: 'deleting what is not there succeeds',
      async run({ storage }) {
        assert.deepEqual(await writeAll(storage, { type: 'delete', key: 'nothing' }), [0])
      },
    },
    {
      title: 'a write with one broken expectation does nothing at all, wherever it stands',
      async run({ storage }) {
        await putOne(storage, 'old', { value: 'old' })
        const blocker = await putOne(storage, 'blocker')
        const others = [put('new', { value: 'new' }), put('old', { value: 'changed' })]
        const broken = put('blocker', { expect: blocker + 1_000_000 })
        for (const position of [0, 1, 2]) {
          const operations = others.toSpliced(position, 0, broken)
          assert.equal(assertConflict(await storage.write(operations), position)?.version, blocker)
          assert.deepEqual(await listedKeys(storage, ''), ['blocker', 'old'])
          assert.equal(await storedValue(storage, 'old'), 'old')
        }
        assertConflict(await storage.write([{ type: 'delete', key: 'old' }, broken]), 1)
        assert.equal(await storedValue(storage, 'old'), 'old')
      },
    },
    {
      title: 'the first broken expectation is the one that is told',
      async run({ storage }) {
        await putOne(storage, 'b')
        const result = await storage.write([
          put('a', { expect: 'absent' }),
          put('b', { expect: 'absent' }),
          put('c', { expect: 7 }),
        ])
        assert.equal(assertConflict(result, 1)?.key, 'b')
      },
    },
    {
      title: 'concurrent writes of two records never mix',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        const [left, right] = await writeAll(storage, put('left', { value: -1 }), put('right', { value: -1 }))
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, (_, value) => {
            const pair = [
              put('left', { value, expect: left as number }),
              put('right', { value, expect: right as number }),
            ]
            return (storages[value % 2] as Storage).write(value % 4 < 2 ? pair : pair.toReversed())
          }),
        )
        const winners = outcomes.flatMap(({ ok }, index) => (ok ? [index] : []))
        assert.equal(winners.length, 1, `${winners.length} writers won`)
        assert.deepEqual(
          [await storedValue(storage, 'left'), await storedValue(storage, 'right')],
          [winners[0], winners[0]],
        )
      },
    },
    {
      title: 'writes that were started together and do not meet all succeed',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        const keys = Array.from({ length: 200 }, (_, index) => `each/${String(index).padStart(3, '0')}`)
        await Promise.all(keys.map((key, index) => putOne(storages[index % 2] as Storage, key, { value: index })))
        assert.deepEqual(await listedKeys(storage, 'each/'), keys)
      },
    },
    {
      title: 'a refused write among others that were started together spoils none of them',
      async run({ storage }) {
        const results = await Promise.all([
          storage.write([put('a', { value: 1 })]),
          storage.write([put('b', { value: 2, expect: 99 }), put('c', { value: 3 })]),
          storage.write([put('d', { value: 4 })]),
        ])
        assert.deepEqual(
          results.map(({ ok }) => ok),
          [true, false, true],
        )
        assert.deepEqual(await listedKeys(storage, ''), ['a', 'd'])
      },
    },
    {
      title: 'a resolved write is seen at once, by every instance',
      async run({ storage, other }) {
        const second = await other()
        for (let round = 0; round < 50; round++) {
          const [writer, reader] = round % 2 === 0 ? [storage, second] : [second, storage]
          const version = await putOne(writer, 'fresh', { value: round })
          assert.equal((await getOne(reader, 'fresh'))?.version, version)
          assert.equal((await reader.list('fresh'))[0]?.version, version)
        }
      },
    },
    {
      title: 'a thousand records are put and deleted by one write each',
      async run({ storage }) {
        const keys = Array.from({ length: 1000 }, (_, index) => `bulk/${String(index).padStart(4, '0')}`)
        await writeAll(storage, ...keys.map((key) => put(key)))
        assert.deepEqual(await listedKeys(storage, 'bulk/', { limit: 2000 }), keys)
        await writeAll(storage, ...keys.map((key) => ({ type: 'delete', key }) as const))
        assert.deepEqual(await listedKeys(storage, ''), [])
      },
    },
  ],
}
