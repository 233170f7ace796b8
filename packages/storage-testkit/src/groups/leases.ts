import assert from 'node:assert/strict'
import { assertConflict, getOne, keysOf, put, putOne, storedValue, writeAll } from '../records-of.ts'
import { clockOf } from '../storage-clock.ts'
import type { TestGroup } from '../test-case.ts'

const MINUTE = 60_000

export const leases: TestGroup = {
  name: 'leases',
  cases: [
    {
      title: 'a claimed record has a new version and is leased until its new time',
      async run({ storage }) {
        const version = await putOne(storage, 'key', { value: 'job', queue: 'q', dueAt: 1 })
        const { records, now } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        const [claimed] = records
        assert.notEqual(claimed?.version, version)
        const leasedMs = (claimed?.dueAt ?? 0) - now
        // A lease may begin a little later than the moment that is told, but must not last for ever.
        assert.ok(leasedMs >= MINUTE && leasedMs < 2 * MINUTE, `leased for ${leasedMs} ms instead of ${MINUTE}`)
        assert.deepEqual({ ...(await getOne(storage, 'key')) }, { ...claimed })
      },
    },
    {
      title: 'the end of a lease is the next time that is told',
      async run({ storage }) {
        await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        const { records, nextDueAt } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.equal(nextDueAt, records[0]?.dueAt)
        const again = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual([again.records, again.nextDueAt], [[], nextDueAt])
      },
    },
    {
      title: 'a record may be put as leased to its writer',
      async run({ storage }) {
        const dueAt = (await clockOf(storage)) + MINUTE
        const version = await putOne(storage, 'key', { queue: 'q', dueAt })
        assert.deepEqual((await storage.claim('q', { limit: 10, leaseMs: MINUTE })).records, [])
        await putOne(storage, 'key', { value: 'done', expect: version })
      },
    },
    {
      title: 'a record whose lease has ended is handed out again with another version',
      async run({ storage, other, until }) {
        await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        const first = await storage.claim('q', { limit: 10, leaseMs: 50 })
        await until(first.records[0]?.dueAt ?? 0)
        const second = await (await other()).claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(keysOf(second.records), ['key'])
        assert.notEqual(second.records[0]?.version, first.records[0]?.version)
      },
    },
    {
      title: 'the late outcome of an old lease is refused',
      async run({ storage, other, until }) {
        await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        const slow = (await storage.claim('q', { limit: 10, leaseMs: 50 })).records[0]
        assert.ok(slow, 'nothing was claimed')
        await until(slow.dueAt ?? 0)
        const second = await other()
        const quick = (await second.claim('q', { limit: 10, leaseMs: MINUTE })).records[0]
        assert.ok(quick, 'nothing was claimed again')
        assertConflict(await storage.write([put('key', { value: 'slow', expect: slow.version })]), 0)
        await writeAll(second, put('key', { value: 'quick', expect: quick.version }))
        assert.equal(await storedValue(storage, 'key'), 'quick')
      },
    },
    {
      title: 'a write on the version before the claim is refused',
      async run({ storage }) {
        const version = await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        const { records } = await storage.claim('q', { limit: 1, leaseMs: MINUTE })
        const result = await storage.write([{ type: 'delete', key: 'key', expect: version }])
        assert.equal(assertConflict(result, 0)?.version, records[0]?.version)
      },
    },
    {
      title: 'the outcome of a lease may put the record back with a new time',
      async run({ storage }) {
        await putOne(storage, 'key', { queue: 'q', dueAt: 1 })
        const leased = (await storage.claim('q', { limit: 10, leaseMs: MINUTE })).records[0]
        assert.ok(leased, 'nothing was claimed')
        await writeAll(storage, put('key', { value: 'again', queue: 'q', dueAt: 2, expect: leased.version }))
        const { records } = await storage.claim('q', { limit: 10, leaseMs: MINUTE })
        assert.deepEqual(
          records.map(({ value }) => value),
          ['again'],
        )
      },
    },
  ],
}
