import assert from 'node:assert/strict'
import type { JsonValue } from '@imnot/core'
import { assertBytes, getOne, put, putOne, storedValue, writeAll } from '../records-of.ts'
import type { TestGroup } from '../test-case.ts'

const values: Readonly<Record<string, JsonValue>> = {
  null: null,
  false: false,
  zero: 0,
  fraction: -12.625,
  'a large number': 9_007_199_254_740_991,
  'an empty string': '',
  'text in many scripts': 'Zürich – 東京 – 🦊',
  'control characters': 'a\u0000b\u001f\n\u2028',
  'half a surrogate pair': '\ud83e',
  'an empty list': [],
  'nested lists': [[], [[1], 'two']],
  'an empty object': {},
}

const bodies: Readonly<Record<string, Uint8Array>> = {
  'no bytes': new Uint8Array(0),
  'one NUL': Uint8Array.of(0),
  'NUL in the middle': Buffer.from('before\0after'),
  'every byte': Uint8Array.from({ length: 256 }, (_, index) => index),
  'invalid UTF-8': Uint8Array.of(0xff, 0xfe, 0xc0, 0x80, 0xed, 0xa0, 0x80),
  'a byte order mark and CRLF': Buffer.from('\ufeff{"a":\r\n1.10}'),
}

export const records: TestGroup = {
  name: 'records',
  cases: [
    {
      title: 'an unknown key is null',
      async run({ storage }) {
        assert.equal(await getOne(storage, 'nothing'), null)
      },
    },
    {
      title: 'the answer has the order of the keys, with null in the gaps',
      async run({ storage }) {
        await writeAll(storage, put('a', { value: 1 }), put('b', { value: 2 }), put('c', { value: 3 }))
        const found = await storage.get(['c', 'missing', 'a', 'c', 'b'])
        assert.deepEqual(
          found.map((record) => record?.value ?? null),
          [3, null, 1, 3, 2],
        )
      },
    },
    {
      title: 'many keys are read in one call',
      async run({ storage }) {
        const keys = Array.from({ length: 300 }, (_, index) => `many/${index}`)
        await writeAll(storage, ...keys.map((key, value) => put(key, { value })))
        const found = await storage.get(keys)
        assert.deepEqual(
          found.map((record) => record?.value),
          keys.map((_, index) => index),
        )
      },
    },
    {
      title: 'no keys give no records, no operations give no versions',
      async run({ storage }) {
        assert.deepEqual(await storage.get([]), [])
        assert.deepEqual(await storage.write([]), { ok: true, versions: [] })
      },
    },
    {
      title: 'a record comes back with all that was put',
      async run({ storage }) {
        const [at] = [4_000_000_000_000]
        const version = await putOne(storage, 'full', {
          value: { kind: 'full' },
          body: Buffer.from('bytes'),
          expiresAt: at + 1,
          queue: 'later',
          dueAt: at,
        })
        const record = await getOne(storage, 'full')
        assertBytes(record?.body, Buffer.from('bytes'))
        const { body: _body, ...rest } = record ?? {}
        assert.deepEqual(
          { ...rest },
          { key: 'full', version, value: { kind: 'full' }, expiresAt: at + 1, queue: 'later', dueAt: at },
        )
      },
    },
    {
      title: 'what was not put is absent, also after it had been there',
      async run({ storage }) {
        await putOne(storage, 'bare', { body: Buffer.from('x'), expiresAt: 4e12, queue: 'q', dueAt: 4e12 })
        const version = await putOne(storage, 'bare', { value: 'bare' })
        assert.deepEqual({ ...(await getOne(storage, 'bare')) }, { key: 'bare', version, value: 'bare' })
      },
    },
    {
      title: 'every JSON value comes back as it is',
      async run({ storage }) {
        for (const [name, value] of Object.entries(values)) {
          await putOne(storage, 'value', { value })
          assert.deepEqual(await storedValue(storage, 'value'), value, name)
        }
      },
    },
    {
      title: 'the members of a value keep their order and their names',
      async run({ storage }) {
        const text = '{"z":1,"a":{"y":2,"b":3},"__proto__":{"polluted":true},"constructor":4}'
        await putOne(storage, 'members', { value: JSON.parse(text) as JsonValue })
        assert.equal(JSON.stringify(await storedValue(storage, 'members')), text)
        assert.equal('polluted' in {}, false, 'Object.prototype was changed')
      },
    },
    {
      title: 'changing an object that was put or read changes nothing stored',
      async run({ storage }) {
        const given = { list: [1] }
        await putOne(storage, 'copied', { value: given })
        given.list.push(2)
        const read = (await storedValue(storage, 'copied')) as { list: number[] }
        assert.deepEqual(read, { list: [1] })
        read.list.push(3)
        assert.deepEqual(await storedValue(storage, 'copied'), { list: [1] })
      },
    },
    {
      title: 'bodies come back byte for byte',
      async run({ storage }) {
        for (const [name, body] of Object.entries(bodies)) {
          await putOne(storage, `body/${name.replaceAll(' ', '-')}`, { body })
          assertBytes((await getOne(storage, `body/${name.replaceAll(' ', '-')}`))?.body, body)
        }
      },
    },
    {
      title: 'a body that is a view holds the bytes of the view alone',
      async run({ storage }) {
        const buffer = Uint8Array.from({ length: 64 }, (_, index) => index)
        await putOne(storage, 'view', { body: buffer.subarray(10, 20) })
        assertBytes((await getOne(storage, 'view'))?.body, buffer.slice(10, 20))
      },
    },
    {
      title: 'a body of 50 MB comes back byte for byte',
      async run({ storage }) {
        const body = new Uint8Array(50 * 1024 * 1024)
        for (let index = 0; index < body.length; index += 4093) body[index] = index % 251
        await putOne(storage, 'large', { body })
        assertBytes((await getOne(storage, 'large'))?.body, body)
      },
    },
    {
      title: 'a body is left out when the caller names its version, and only then',
      async run({ storage }) {
        const a = await putOne(storage, 'a', { value: 'a', body: Buffer.from('body of a') })
        const b = await putOne(storage, 'b', { value: 'b', body: Buffer.from('body of b') })
        const [knownA, otherB] = await storage.get(['a', 'b'], { known: new Map([['a', a]]) })
        assert.deepEqual({ ...knownA }, { key: 'a', version: a, value: 'a' })
        assertBytes(otherB?.body, Buffer.from('body of b'))

        const [stale, crossed] = await storage.get(['a', 'b'], {
          known: new Map([
            ['a', b + 1_000_000],
            ['b', a],
          ]),
        })
        assertBytes(stale?.body, Buffer.from('body of a'))
        assertBytes(crossed?.body, Buffer.from('body of b'))
      },
    },
    {
      title: 'a key may hold every printable character, be 1,000 long, and differ by case alone',
      async run({ storage }) {
        const printable = Array.from({ length: 95 }, (_, index) => String.fromCharCode(32 + index)).join('')
        const keys = [printable, 'k'.repeat(1000), `${'k'.repeat(999)}l`, 'Case', 'case']
        await writeAll(storage, ...keys.map((key, value) => put(key, { value })))
        assert.deepEqual(
          (await storage.get(keys)).map((record) => [record?.key, record?.value]),
          keys.map((key, index) => [key, index]),
        )
      },
    },
  ],
}
