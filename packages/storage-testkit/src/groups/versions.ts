import assert from 'node:assert/strict'
import type { Storage } from '@imnot/core'
import { assertBytes, assertConflict, getOne, put, putOne, storedValue, writeAll } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

/** The steps of ten workers together. */
const COUNTED = 100

export const versions: TestGroup = {
  name: 'versions',
  cases: [
    {
      title: 'every write gives the record a new version, which get tells',
      async run({ storage }) {
        const seen = new Set<number>()
        for (let round = 0; round < 20; round++) {
          const version = await putOne(storage, 'key', { value: round })
          assert.ok(Number.isSafeInteger(version) && version > 0, `${version} is no positive safe integer`)
          assert.equal((await getOne(storage, 'key'))?.version, version)
          seen.add(version)
        }
        assert.equal(seen.size, 20, 'a version was used twice')
      },
    },
    {
      title: 'a put on the version that the record has succeeds',
      async run({ storage }) {
        const first = await putOne(storage, 'key', { value: 1 })
        await putOne(storage, 'key', { value: 2, expect: first })
        assert.equal(await storedValue(storage, 'key'), 2)
      },
    },
    {
      title: 'a put on an older version is refused with the record as it is now, body included',
      async run({ storage }) {
        const first = await putOne(storage, 'key', { value: 1 })
        const second = await putOne(storage, 'key', { value: 2, body: Buffer.from('now') })
        const current = assertConflict(await storage.write([put('key', { value: 3, expect: first })]), 0)
        assert.equal(current?.version, second)
        assert.equal(current?.value, 2)
        assertBytes(current?.body, Buffer.from('now'))
        assert.equal(await storedValue(storage, 'key'), 2)
      },
    },
    {
      title: "a put that expects 'absent' makes a record and never replaces one",
      async run({ storage }) {
        const version = await putOne(storage, 'key', { value: 1, expect: 'absent' })
        const current = assertConflict(await storage.write([put('key', { value: 2, expect: 'absent' })]), 0)
        assert.equal(current?.version, version)
        assert.equal(await storedValue(storage, 'key'), 1)
      },
    },
    {
      title: 'a version that is expected of a missing record is refused, with null for what is there',
      async run({ storage }) {
        assert.equal(assertConflict(await storage.write([put('key', { expect: 1 })]), 0), null)
        assert.equal(await getOne(storage, 'key'), null)
      },
    },
    {
      title: 'a delete on an older version is refused, on the present one it deletes',
      async run({ storage }) {
        const first = await putOne(storage, 'key', { value: 1 })
        const second = await putOne(storage, 'key', { value: 2 })
        assertConflict(await storage.write([{ type: 'delete', key: 'key', expect: first }]), 0)
        assert.equal(await storedValue(storage, 'key'), 2)
        assert.deepEqual(await writeAll(storage, { type: 'delete', key: 'key', expect: second }), [0])
        assert.equal(await getOne(storage, 'key'), null)
      },
    },
    {
      title: 'of many concurrent writers on one version exactly one wins',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        for (let round = 0; round < 10; round++) {
          const expect = await putOne(storage, 'contended', { value: 'before' })
          const outcomes = await Promise.all(
            writers(storages, 24, (value) => put('contended', { value: `${round}/${value}`, expect })),
          )
          const winners = outcomes.flatMap(({ ok }, index) => (ok ? [`${round}/${index}`] : []))
          assert.equal(winners.length, 1, `${winners.length} writers won`)
          assert.equal(await storedValue(storage, 'contended'), winners[0])
        }
      },
    },
    {
      title: 'of many concurrent makers of one record exactly one wins',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        const outcomes = await Promise.all(
          writers(storages, 24, (value) => put('made-once', { value, expect: 'absent' })),
        )
        const winners = outcomes.flatMap(({ ok }, index) => (ok ? [index] : []))
        assert.equal(winners.length, 1, `${winners.length} makers won`)
        assert.equal(await storedValue(storage, 'made-once'), winners[0])
      },
    },
    {
      title: 'counting by read and conditional write loses no step',
      async run({ storage, other }) {
        const storages = [storage, await other()]
        await putOne(storage, 'count', { value: 0 })
        await Promise.all(
          Array.from({ length: 10 }, async (_, worker) => {
            const own = storages[worker % 2] as Storage
            for (let step = 0; step < COUNTED / 10; step++) await addOne(own, 'count')
          }),
        )
        assert.equal(await storedValue(storage, 'count'), COUNTED)
      },
    },
    {
      title: 'a version is not used again after the record was deleted and made anew',
      async run({ storage }) {
        const seen = new Set<number>()
        for (let round = 0; round < 20; round++) {
          seen.add(await putOne(storage, 'phoenix'))
          await writeAll(storage, { type: 'delete', key: 'phoenix' })
        }
        assert.equal(seen.size, 20, 'a version was used twice')
      },
    },
    {
      title: 'a version is not used again after a restart or by another instance',
      needs: 'reopen',
      async run({ storage, other, reopen }) {
        const seen = [await putOne(storage, 'phoenix')]
        const second = await other()
        await writeAll(second, { type: 'delete', key: 'phoenix' })
        seen.push(await putOne(second, 'phoenix'))
        await writeAll(storage, { type: 'delete', key: 'phoenix' })
        seen.push(await putOne(storage, 'phoenix'))
        await writeAll(storage, { type: 'delete', key: 'phoenix' })
        seen.push(await putOne(await reopen(), 'phoenix'))
        assert.equal(new Set(seen).size, seen.length, `a version was used twice: ${seen.join(', ')}`)
      },
    },
  ],
}

function writers(storages: readonly Storage[], count: number, operation: (index: number) => ReturnType<typeof put>) {
  return Array.from({ length: count }, (_, index) =>
    (storages[index % storages.length] as Storage).write([operation(index)]),
  )
}

async function addOne(storage: Storage, key: string): Promise<void> {
  for (let attempt = 0; attempt < COUNTED; attempt++) {
    const record = await getOne(storage, key)
    assert.ok(record, 'the counted record vanished')
    const { ok } = await storage.write([put(key, { value: (record.value as number) + 1, expect: record.version })])
    if (ok) return
  }
  // Each refusal means that another step was counted in between, and there are no more than these.
  assert.fail(`a write on the version that get told was refused ${COUNTED} times`)
}
