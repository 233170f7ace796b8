import assert from 'node:assert/strict'
import { assertBytes, getOne, keysOf, put, putOne, storedValue, writeAll } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

export const lifecycle: TestGroup = {
  name: 'lifecycle',
  cases: [
    {
      title: 'init may be called again, also many times at once, and loses nothing',
      async run({ storage }) {
        await putOne(storage, 'key', { value: 'kept' })
        await storage.init()
        await Promise.all(Array.from({ length: 5 }, () => storage.init()))
        assert.equal(await storedValue(storage, 'key'), 'kept')
      },
    },
    {
      title: 'instances that start at once on one place all work on the same data',
      needs: 'second',
      async run({ storage, other }) {
        const others = await Promise.all(Array.from({ length: 4 }, () => other()))
        await Promise.all(others.map((instance, index) => putOne(instance, `from/${index}`)))
        assert.deepEqual(keysOf(await storage.list('from/')), ['from/0', 'from/1', 'from/2', 'from/3'])
      },
    },
    {
      title: 'closing one instance leaves the others working',
      needs: 'second',
      async run({ storage, other }) {
        const second = await other()
        await putOne(second, 'key', { value: 'from the second' })
        await second.close()
        assert.equal(await storedValue(storage, 'key'), 'from the second')
        await putOne(storage, 'key', { value: 'from the first' })
        assert.equal(await storedValue(storage, 'key'), 'from the first')
      },
    },
    {
      title: 'ping answers while the storage is open',
      async run({ storage }) {
        assert.equal(await storage.ping(), undefined)
      },
    },
    {
      title: 'everything is there again after a restart',
      needs: 'reopen',
      async run({ storage, reopen }) {
        const version = await putOne(storage, 'a', {
          value: { n: [1.5] },
          body: Buffer.from([0, 255]),
          expiresAt: 4e12,
        })
        await writeAll(storage, put('due', { queue: 'q', dueAt: 1 }), put('gone'))
        await writeAll(storage, { type: 'delete', key: 'gone' })
        const again = await reopen()
        const record = await getOne(again, 'a')
        assert.deepEqual([record?.version, record?.value, record?.expiresAt], [version, { n: [1.5] }, 4e12])
        assertBytes(record?.body, Buffer.from([0, 255]))
        assert.deepEqual(keysOf(await again.list('')), ['a', 'due'])
        assert.deepEqual(keysOf((await again.claim('q', { limit: 10, leaseMs: 1000 })).records), ['due'])
      },
    },
    {
      title: 'writes that were not awaited before close are refused or kept, never half done',
      needs: 'reopen',
      async run({ storage, reopen }) {
        const pending = Array.from({ length: 20 }, (_, index) =>
          storage.write([put(`pair/${index}/a`), put(`pair/${index}/b`)]).then(
            () => [`pair/${index}/a`, `pair/${index}/b`],
            () => null,
          ),
        )
        const again = await reopen()
        const settled = await Promise.all(pending)
        const found = new Set(keysOf(await again.list('pair/')))
        for (const [index, keys] of settled.entries()) {
          const present = [`pair/${index}/a`, `pair/${index}/b`].filter((key) => found.has(key))
          assert.ok(present.length !== 1, 'half a write')
          if (keys !== null) assert.deepEqual(present, keys, 'an acknowledged write is missing')
        }
      },
    },
    {
      title: 'every use after close throws',
      async run({ storage }) {
        await storage.close()
        const uses = {
          init: () => storage.init(),
          ping: () => storage.ping(),
          get: () => storage.get(['key']),
          list: () => storage.list(''),
          write: () => storage.write([put('key')]),
          claim: () => storage.claim('q', { limit: 1, leaseMs: 1000 }),
          increment: () => storage.increment('c'),
        }
        for (const [name, use] of Object.entries(uses)) await assert.rejects(use, Error, `${name} worked after close`)
      },
    },
  ],
}
