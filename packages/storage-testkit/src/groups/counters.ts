import assert from 'node:assert/strict'
import type { Storage } from '@imnot/core'
import { getOne, listedKeys, putOne } from '../records-of.ts'
import { clockOf } from '../storage-clock.ts'
import type { TestGroup } from '../test-case.ts'

export const counters: TestGroup = {
  name: 'counters',
  cases: [
    {
      title: 'a counter begins at nothing and adds one, or what it is told',
      async run({ storage }) {
        assert.equal(await storage.increment('c'), 1)
        assert.equal(await storage.increment('c'), 2)
        assert.equal(await storage.increment('c', { by: 40 }), 42)
        assert.equal(await storage.increment('c', { by: -2 }), 40)
        assert.equal(await storage.increment('c', { by: 0 }), 40)
        assert.equal(await storage.increment('another', { by: 5 }), 5)
      },
    },
    {
      title: '10,000 concurrent increments give each number once',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        const results = await Promise.all(
          Array.from({ length: 10_000 }, (_, index) =>
            (storages[index % 2] as Storage).increment('busy', { ttlMs: 600_000 }),
          ),
        )
        assert.deepEqual(
          results.sort((a, b) => a - b),
          Array.from({ length: 10_000 }, (_, index) => index + 1),
        )
      },
    },
    {
      title: 'a counter vanishes when its time after the first increment has passed',
      async run({ storage, until }) {
        const before = await clockOf(storage)
        assert.equal(await storage.increment('window', { ttlMs: 100 }), 1)
        const after = await clockOf(storage)
        // A slow machine may have passed the window already; then nothing can be said about its inside.
        const second = await storage.increment('window', { ttlMs: 600_000 })
        if ((await clockOf(storage)) < before + 100) assert.equal(second, 2)
        else return
        await until(after + 100)
        assert.equal(await storage.increment('window', { ttlMs: 600_000 }), 1)
      },
    },
    {
      title: 'a counter without a time stays',
      async run({ storage, until }) {
        await storage.increment('total')
        assert.equal(await storage.increment('total', { ttlMs: 10 }), 2)
        await until((await clockOf(storage)) + 50)
        assert.equal(await storage.increment('total'), 3)
      },
    },
    {
      title: 'counters are no records',
      async run({ storage }) {
        await storage.increment('same')
        assert.equal(await getOne(storage, 'same'), null)
        assert.deepEqual(await listedKeys(storage, ''), [])
        await putOne(storage, 'same', { value: 'record', expect: 'absent' })
        assert.equal(await storage.increment('same'), 2)
      },
    },
  ],
}
