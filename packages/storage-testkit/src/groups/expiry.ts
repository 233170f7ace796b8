import assert from 'node:assert/strict'
import type { Storage } from '@imnot/core'
import { assertConflict, getOne, listedKeys, put, putOne, storedValue, writeAll } from '../records-of.ts'
import { clockOf } from '../storage-clock.ts'
import type { TestCase, TestGroup } from '../test-case.ts'

export const expiry: TestGroup = {
  name: 'expiry',
  cases: [
    {
      title: 'a record is there until its moment, which it tells',
      async run({ storage }) {
        const expiresAt = (await clockOf(storage)) + 60_000
        await putOne(storage, 'key', { expiresAt })
        assert.equal((await getOne(storage, 'key'))?.expiresAt, expiresAt)
        assert.deepEqual(await listedKeys(storage, ''), ['key'])
      },
    },
    {
      title: 'from its moment on it is hidden from get, list and claim at once',
      async run({ storage, until }) {
        const expiresAt = (await clockOf(storage)) + 50
        await putOne(storage, 'key', { body: Buffer.from('x'), expiresAt, queue: 'q', dueAt: 1 })
        await until(expiresAt)
        await assertHidden(storage, 'key', 'q')
      },
    },
    {
      title: 'a record that is put with a moment long past is never seen',
      async run({ storage }) {
        assert.ok((await putOne(storage, 'past', { expiresAt: 1, queue: 'q', dueAt: 1 })) > 0)
        await assertHidden(storage, 'past', 'q')
      },
    },
    {
      title: 'a put without a moment makes the record stay',
      async run({ storage, until }) {
        const expiresAt = (await clockOf(storage)) + 50
        await putOne(storage, 'key', { value: 'short', expiresAt })
        await putOne(storage, 'key', { value: 'long' })
        await until(expiresAt)
        assert.equal(await storedValue(storage, 'key'), 'long')
      },
    },
    {
      title: 'an expired record counts as absent for a put, a check and a delete',
      async run(context) {
        const { storage } = context
        const version = await putExpired(context, 'key')
        assert.equal(assertConflict(await storage.write([put('key', { expect: version })]), 0), null)
        assert.equal(assertConflict(await storage.write([{ type: 'check', key: 'key', expect: version }]), 0), null)
        assert.equal(assertConflict(await storage.write([{ type: 'delete', key: 'key', expect: version }]), 0), null)
        await writeAll(storage, { type: 'check', key: 'key', expect: 'absent' })
        const again = await putOne(storage, 'key', { value: 'again', expect: 'absent' })
        assert.notEqual(again, version, 'a version was used twice')
        assert.equal(await storedValue(storage, 'key'), 'again')
      },
    },
    {
      title: 'an expired record keeps nothing of itself in the one that follows',
      async run(context) {
        const { storage } = context
        await putExpired(context, 'key')
        const version = await putOne(storage, 'key', { value: 'new' })
        assert.deepEqual({ ...(await getOne(storage, 'key')) }, { key: 'key', version, value: 'new' })
      },
    },
    {
      title: 'expired records neither fill a page nor use up the limit of a claim',
      async run({ storage, until }) {
        const expiresAt = (await clockOf(storage)) + 50
        const dead = Array.from({ length: 20 }, (_, index) => put(`e/${index}`, { expiresAt, queue: 'q', dueAt: 1 }))
        await writeAll(storage, ...dead, put('e/living', { queue: 'q', dueAt: 2 }))
        await until(expiresAt)
        assert.deepEqual(await listedKeys(storage, 'e/', { limit: 1 }), ['e/living'])
        const { records } = await storage.claim('q', { limit: 1, leaseMs: 60_000 })
        assert.equal(records[0]?.key, 'e/living')
      },
    },
  ],
}

async function putExpired({ storage, until }: Parameters<TestCase['run']>[0], key: string): Promise<number> {
  const expiresAt = (await clockOf(storage)) + 50
  const version = await putOne(storage, key, { body: Buffer.from('x'), expiresAt, queue: 'q', dueAt: 4e12 })
  await until(expiresAt)
  return version
}

async function assertHidden(storage: Storage, key: string, queue: string): Promise<void> {
  assert.equal(await getOne(storage, key), null, 'get')
  assert.deepEqual(await listedKeys(storage, ''), [], 'list')
  const { records, nextDueAt } = await storage.claim(queue, { limit: 10, leaseMs: 1000 })
  assert.deepEqual(records, [], 'claim')
  assert.equal(nextDueAt, null, 'nextDueAt')
}
