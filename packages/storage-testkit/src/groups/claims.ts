import assert from 'node:assert/strict'
import type { Storage } from '@imnot/core'
import { assertBytes, getOne, keysOf, put, putOne, writeAll } from '../records-of.ts'
import { clockOf } from '../storage-clock.ts'
import type { TestGroup } from '../test-case.ts'

const MINUTE = 60_000

export const claims: TestGroup = {
  name: 'claims',
  cases: [
    {
      title: 'an empty queue gives nothing, no next time, and the clock',
      async run({ storage }) {
        const { now, ...claimed } = await storage.claim('empty', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(claimed, { records: [], nextDueAt: null })
        assert.ok(Number.isFinite(now) && now > 0, `${now} is no time`)
      },
    },
    {
      title: 'due records come whole, the longest due first, as many as the limit allows',
      async run({ storage }) {
        await writeAll(
          storage,
          put('third', { queue: 'q', dueAt: 30 }),
          put('first', { value: { a: 1 }, body: Buffer.from('body'), expiresAt: 4e12, queue: 'q', dueAt: 10 }),
          put('second', { queue: 'q', dueAt: 20 }),
        )
        const { records } = await storage.claim('q', { limit: 2, leaseMs: MINUTE })
        assert.deepEqual(keysOf(records), ['first', 'second'])
        const [first] = records
        assert.deepEqual([first?.value, first?.expiresAt, first?.queue], [{ a: 1 }, 4e12, 'q'])
        assertBytes(first?.body, Buffer.from('body'))
        const rest = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(keysOf(rest.records), ['third'])
      },
    },
    {
      title: 'a record that is not due yet is not handed out, and its time is told',
      async run({ storage }) {
        const dueAt = (await clockOf(storage)) + MINUTE
        await writeAll(storage, put('soon', { queue: 'q', dueAt }), put('later', { queue: 'q', dueAt: dueAt + 1 }))
        const { records, nextDueAt } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(records, [])
        assert.equal(nextDueAt, dueAt)
      },
    },
    {
      title: 'a record is handed out from its time on',
      async run({ storage, until }) {
        const dueAt = (await clockOf(storage)) + 50
        await putOne(storage, 'key', { queue: 'q', dueAt })
        await until(dueAt)
        const { records, now } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(keysOf(records), ['key'])
        assert.ok(now >= dueAt)
      },
    },
    {
      title: 'when more is due than was claimed, the next time has passed already',
      async run({ storage }) {
        await writeAll(storage, put('a', { queue: 'q', dueAt: 10 }), put('b', { queue: 'q', dueAt: 20 }))
        const { nextDueAt } = await storage.claim('q', { limit: 1, leaseMs: MINUTE })
        assert.equal(nextDueAt, 20)
      },
    },
    {
      title: 'claimants at the same time never share a record and leave none',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        const keys = Array.from({ length: 200 }, (_, index) => `job/${String(index).padStart(3, '0')}`)
        await writeAll(storage, ...keys.map((key) => put(key, { queue: 'q', dueAt: 1 })))
        const claimed = await Promise.all(
          Array.from({ length: 8 }, async (_, worker) => {
            const mine: string[] = []
            // Bounded, since a storage that shares records may never come to an end.
            while (mine.length <= keys.length) {
              const { records } = await (storages[worker % 2] as Storage).claim('q', { limit: 7, leaseMs: MINUTE })
              if (records.length === 0) return mine
              mine.push(...keysOf(records))
            }
            assert.fail(`one claimant was handed ${mine.length} records of ${keys.length}`)
          }),
        )
        assert.deepEqual(claimed.flat().sort(), keys)
      },
    },
    {
      title: 'another queue is neither seen nor touched, also one whose name begins alike',
      async run({ storage }) {
        const version = await putOne(storage, 'other', { queue: 'queue/2', dueAt: 1 })
        await putOne(storage, 'none')
        const { records, nextDueAt } = await storage.claim('queue', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual({ records, nextDueAt }, { records: [], nextDueAt: null })
        const other = await getOne(storage, 'other')
        assert.deepEqual([other?.version, other?.dueAt], [version, 1])
      },
    },
    {
      title: 'a put without a queue takes the record out of it',
      async run({ storage }) {
        await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        const version = await putOne(storage, 'key', { value: 'done' })
        const { records, nextDueAt } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual({ records, nextDueAt }, { records: [], nextDueAt: null })
        assert.deepEqual({ ...(await getOne(storage, 'key')) }, { key: 'key', version, value: 'done' })
      },
    },
    {
      title: 'a put with another queue or time moves the record there',
      async run({ storage }) {
        await putOne(storage, 'key', { queue: 'from', dueAt: 1 })
        await putOne(storage, 'key', { queue: 'to', dueAt: 2 })
        assert.deepEqual((await storage.claim('from', { limit: 10, leaseMs: MINUTE })).records, [])
        const { records } = await storage.claim('to', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(keysOf(records), ['key'])
      },
    },
    {
      title: 'a deleted record leaves its queue',
      async run({ storage }) {
        await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        await writeAll(storage, { type: 'delete', key: 'key' })
        const { records, nextDueAt } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual({ records, nextDueAt }, { records: [], nextDueAt: null })
      },
    },
  ],
}
