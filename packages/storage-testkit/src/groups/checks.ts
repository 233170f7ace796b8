import assert from 'node:assert/strict'
import { assertConflict, getOne, listedKeys, put, putOne, writeAll } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

export const checks: TestGroup = {
  name: 'checks',
  cases: [
    {
      title: 'a check that holds lets the write through and leaves its record alone',
      async run({ storage }) {
        const version = await putOne(storage, 'session', { value: 'open' })
        await writeAll(storage, { type: 'check', key: 'session', expect: version }, put('session/flow'))
        const session = await getOne(storage, 'session')
        assert.deepEqual([session?.version, session?.value], [version, 'open'])
        assert.ok(await getOne(storage, 'session/flow'))
      },
    },
    {
      title: 'a write that checks a deleted record writes nothing',
      async run({ storage }) {
        const version = await putOne(storage, 'session')
        await writeAll(storage, { type: 'delete', key: 'session' })
        const result = await storage.write([put('session/flow'), { type: 'check', key: 'session', expect: version }])
        assert.equal(assertConflict(result, 1), null)
        assert.deepEqual(await listedKeys(storage, ''), [])
      },
    },
    {
      title: 'a write that checks a replaced record writes nothing, and is told what replaced it',
      async run({ storage }) {
        const version = await putOne(storage, 'session')
        await putOne(storage, 'session', { value: 'tombstone' })
        const result = await storage.write([{ type: 'check', key: 'session', expect: version }, put('session/flow')])
        assert.equal(assertConflict(result, 0)?.value, 'tombstone')
        assert.deepEqual(await listedKeys(storage, ''), ['session'])
      },
    },
    {
      title: "a check for 'absent' holds while there is none",
      async run({ storage }) {
        const guarded = [{ type: 'check', key: 'lock', expect: 'absent' } as const, put('work')]
        await writeAll(storage, ...guarded)
        const lock = await putOne(storage, 'lock')
        assert.equal(assertConflict(await storage.write(guarded), 0)?.version, lock)
      },
    },
    {
      title: 'a check alone says whether it holds',
      async run({ storage }) {
        const version = await putOne(storage, 'key')
        assert.deepEqual(await storage.write([{ type: 'check', key: 'key', expect: version }]), {
          ok: true,
          versions: [0],
        })
        assertConflict(await storage.write([{ type: 'check', key: 'key', expect: 'absent' }]), 0)
      },
    },
    {
      title: 'nothing gets in behind a delete: guarded writes that race with it leave no record that was not told',
      async run({ storage, other }) {
        const second = await other()
        for (let round = 0; round < 10; round++) {
          const prefix = `race/${round}/`
          const version = await putOne(storage, `${prefix}session`)
          const guard = { type: 'check', key: `${prefix}session`, expect: version } as const
          const writes = Array.from({ length: 10 }, async (_, index) => {
            const key = `${prefix}flow/${index}`
            const { ok } = await (index % 2 === 0 ? storage : second).write([guard, put(key)])
            return ok ? [key] : []
          })
          const deleted = second.write([{ type: 'delete', key: `${prefix}session` }])
          // Whoever deletes sees by then all that will ever be there, and can erase it.
          const [accepted, found] = await Promise.all([
            Promise.all(writes),
            deleted.then(() => listedKeys(second, `${prefix}flow/`)),
          ])
          assert.deepEqual(found, accepted.flat().sort())
          assert.deepEqual(await listedKeys(storage, `${prefix}flow/`), found)
          assertConflict(await storage.write([guard, put(`${prefix}flow/late`)]), 0)
        }
      },
    },
  ],
}
