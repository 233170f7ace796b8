import assert from 'node:assert/strict'
import { assertBytes, keysOf, listedKeys, put, putOne, writeAll } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

const ordered = ['k/ ', 'k/!', 'k/-1', 'k/0', 'k/10', 'k/9', 'k/A', 'k/Z', 'k/_', 'k/a', 'k/a/b', 'k/b', 'k/~']

export const listing: TestGroup = {
  name: 'listing',
  cases: [
    {
      title: 'records come by the bytes of their keys, whatever the order they were put in',
      async run({ storage }) {
        const shuffled = ordered.toSorted((a, b) => hash(a) - hash(b))
        for (const key of shuffled) await putOne(storage, key)
        assert.deepEqual(await listedKeys(storage, 'k/'), ordered)
        assert.deepEqual(await listedKeys(storage, 'k/', { reverse: true }), ordered.toReversed())
      },
    },
    {
      title: 'a prefix takes its own key and what begins with it, and no neighbour',
      async run({ storage }) {
        await writeAll(storage, ...['a', 'ab', 'ab/1', 'ab/2', 'ab0', 'ac', 'b', 'AB/1'].map((key) => put(key)))
        assert.deepEqual(await listedKeys(storage, 'ab'), ['ab', 'ab/1', 'ab/2', 'ab0'])
        assert.deepEqual(await listedKeys(storage, 'ab/'), ['ab/1', 'ab/2'])
        assert.deepEqual(await listedKeys(storage, 'nothing'), [])
        assert.equal((await listedKeys(storage, '')).length, 8)
      },
    },
    ...['%', '_', '*', '\\', ':', '?', '[', "'", '"', '{', '$', '.', '^', '~', ' '].map((character) => ({
      title: `'${character}' in a prefix stands for itself`,
      async run({ storage }: Parameters<TestGroup['cases'][number]['run']>[0]) {
        const own = `p${character}/1`
        await writeAll(
          storage,
          ...[own, 'pX/1', 'p/1', 'pXY/1', `p${character}`, `q${character}/1`].map((key) => put(key)),
        )
        assert.deepEqual(await listedKeys(storage, `p${character}/`), [own])
        assert.deepEqual(await listedKeys(storage, `p${character}`), [`p${character}`, own])
      },
    })),
    {
      title: 'pages forwards join without a gap or a repetition',
      async run({ storage }) {
        const keys = Array.from({ length: 25 }, (_, index) => `page/${String(index).padStart(2, '0')}`)
        await writeAll(storage, ...keys.map((key) => put(key)), put('pag'), put('page0'))
        const pages: string[][] = []
        for (let after: string | undefined; pages.length < 10; after = pages.at(-1)?.at(-1)) {
          const page = await listedKeys(storage, 'page/', { limit: 10, ...(after !== undefined && { after }) })
          if (page.length === 0) break
          pages.push(page)
        }
        assert.deepEqual(
          pages.map(({ length }) => length),
          [10, 10, 5],
        )
        assert.deepEqual(pages.flat(), keys)
      },
    },
    {
      title: 'pages backwards begin with the last and join as well',
      async run({ storage }) {
        const keys = Array.from({ length: 7 }, (_, index) => `page/${index}`)
        await writeAll(storage, ...keys.map((key) => put(key)), put('page0'), put('pag'))
        const last = await listedKeys(storage, 'page/', { reverse: true, limit: 3 })
        assert.deepEqual(last, ['page/6', 'page/5', 'page/4'])
        const next = await listedKeys(storage, 'page/', { reverse: true, limit: 10, before: 'page/4' })
        assert.deepEqual(next, ['page/3', 'page/2', 'page/1', 'page/0'])
      },
    },
    {
      title: 'after and before exclude themselves, need not exist, and may lie outside the prefix',
      async run({ storage }) {
        await writeAll(storage, ...['p/1', 'p/2', 'p/3', 'p/4', 'o/9', 'q/0'].map((key) => put(key)))
        assert.deepEqual(await listedKeys(storage, 'p/', { after: 'p/1', before: 'p/4' }), ['p/2', 'p/3'])
        assert.deepEqual(await listedKeys(storage, 'p/', { after: 'p/1', before: 'p/4', reverse: true }), [
          'p/3',
          'p/2',
        ])
        assert.deepEqual(await listedKeys(storage, 'p/', { after: 'p/20', before: 'p/30' }), ['p/3'])
        assert.deepEqual(await listedKeys(storage, 'p/', { after: 'a', before: 'z' }), ['p/1', 'p/2', 'p/3', 'p/4'])
        assert.deepEqual(await listedKeys(storage, 'p/', { after: 'p/9' }), [])
        assert.deepEqual(await listedKeys(storage, 'p/', { before: 'a' }), [])
        assert.deepEqual(await listedKeys(storage, 'p/', { after: 'p/3', before: 'p/2' }), [])
      },
    },
    {
      title: '1,000 records are the limit unless another is given',
      async run({ storage }) {
        const keys = Array.from({ length: 1100 }, (_, index) => `n/${String(index).padStart(4, '0')}`)
        await writeAll(storage, ...keys.map((key) => put(key)))
        assert.deepEqual(await listedKeys(storage, 'n/'), keys.slice(0, 1000))
        assert.deepEqual(await listedKeys(storage, 'n/', { limit: 1 }), keys.slice(0, 1))
        assert.deepEqual(await listedKeys(storage, 'n/', { limit: 5000 }), keys)
      },
    },
    {
      title: 'values and versions come along, bodies only on request',
      async run({ storage }) {
        const version = await putOne(storage, 'b/1', {
          value: { a: 1 },
          body: Buffer.from('body'),
          queue: 'q',
          dueAt: 4e12,
        })
        const [bare] = await storage.list('b/')
        assert.deepEqual({ ...bare }, { key: 'b/1', version, value: { a: 1 }, queue: 'q', dueAt: 4e12 })
        const [full] = await storage.list('b/', { bodies: true })
        assertBytes(full?.body, Buffer.from('body'))
      },
    },
    {
      title: 'what was deleted is no longer listed',
      async run({ storage }) {
        await writeAll(storage, put('d/1'), put('d/2'), put('d/3'))
        await writeAll(storage, { type: 'delete', key: 'd/2' })
        assert.deepEqual(keysOf(await storage.list('d/')), ['d/1', 'd/3'])
      },
    },
  ],
}

/** Some order that is not the order of the keys, the same in each run. */
function hash(key: string): number {
  return [...key].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1009, 7)
}
