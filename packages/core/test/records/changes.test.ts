import { describe, expect, test } from 'vitest'
import { applyMergePatch } from '../../src/records/json-merge-patch.ts'
import { applyJsonPatch, PatchFault } from '../../src/records/json-patch.ts'
import { type StartOptions, startEngine } from '../support/start-engine.ts'

const json = { 'content-type': 'application/json' }
const jsonPatch = { 'content-type': 'application/json-patch+json' }

const yaml = `
partner: shop
errors:
  conflict: { body: { code: conflict, why: "{{ error.reason }}", status: "{{ error.status }}" } }
datapoints:
  - name: carts
    pattern: resource
    path: /carts
    hidden: [secret]
    record: { open: true, owner: "{{ request.body.owner }}", items: "{{ request.body.items }}", secret: "{{ request.body.secret }}" }
    records: [ { id: c1, open: true, owner: Ada, items: [ a, b ], secret: s } ]
`

async function start(options: StartOptions = {}) {
  const { call } = await startEngine({ yaml, background: false, ...options })
  return async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const sent = body === undefined ? { headers } : { body: JSON.stringify(body), headers: { ...json, ...headers } }
    const response = await call(method, path, sent)
    const text = await response.text()
    return { status: response.status, headers: response.headers, json: text === '' ? null : JSON.parse(text) }
  }
}

describe('entity tags', () => {
  test('are the same for as long as the record is, and a change with an older one is refused', async () => {
    const send = await start()
    const tag = (await send('GET', '/carts/c1')).headers.get('etag') ?? ''
    expect(tag).toMatch(/^"[\w-]+"$/)
    const changed = await send('PATCH', '/carts/c1', { owner: 'Bea' }, { 'if-match': `"other", ${tag}` })
    expect(changed).toMatchObject({ status: 200, json: { owner: 'Bea' } })
    expect((await send('GET', '/carts/c1')).headers.get('etag')).toBe(changed.headers.get('etag'))
    const late = await send('DELETE', '/carts/c1', undefined, { 'if-match': tag })
    expect(late).toMatchObject({ status: 412, json: { code: 'conflict', why: 'precondition', status: 412 } })
    // RFC 9110, 13.1.1: a weak tag matches nothing here.
    expect((await send('PUT', '/carts/c1', {}, { 'if-match': `W/${changed.headers.get('etag')}` })).status).toBe(412)
    expect((await send('PUT', '/carts/c1', {}, { 'if-match': '*' })).status).toBe(200)
  })

  test('spare the body of what the client has already', async () => {
    const send = await start()
    const tag = (await send('GET', '/carts/c1')).headers.get('etag') ?? ''
    const same = await send('GET', '/carts/c1', undefined, { 'if-none-match': `W/${tag}` })
    expect(same).toMatchObject({ status: 304, json: null })
    expect(same.headers.get('etag')).toBe(tag)
    expect((await send('HEAD', '/carts/c1')).headers.get('etag')).toBe(tag)
    expect((await send('GET', '/carts/c1', undefined, { 'if-none-match': '"other"' })).status).toBe(200)
  })

  test('are not asked where there is no record', async () => {
    const send = await start()
    expect((await send('PATCH', '/carts/c9', {}, { 'if-match': '"x"' })).status).toBe(404)
  })
})

describe('a replacement', () => {
  test('gives anew what is sent, and leaves what is hidden and what the partner has set', async () => {
    const send = await start()
    expect((await send('PATCH', '/carts/c1', { open: false })).json.open).toBe(false)
    expect((await send('PUT', '/carts/c1', { owner: 'Bea' })).json).toEqual({ id: 'c1', open: false, owner: 'Bea' })
    const patched = await send('PATCH', '/carts/c1', [{ op: 'test', path: '/secret', value: 's' }], jsonPatch)
    expect(patched.status).toBe(200)
  })

  test.each(['PUT', 'PATCH'])('with a body that is no object is refused (%s)', async (method) => {
    const send = await start()
    expect(await send(method, '/carts/c1', ['x'])).toMatchObject({ status: 400 })
    expect(await send(method, '/carts/c1')).toMatchObject({ status: 400 })
  })
})

describe('a JSON patch', () => {
  test('changes the record as a whole, or not at all', async () => {
    const send = await start()
    const good = [
      { op: 'add', path: '/items/-', value: 'c' },
      { op: 'remove', path: '/items/0' },
      { op: 'move', from: '/owner', path: '/buyer' },
    ]
    expect((await send('PATCH', '/carts/c1', good, jsonPatch)).json).toEqual({
      id: 'c1',
      open: true,
      items: ['b', 'c'],
      buyer: 'Ada',
    })
    const bad = [
      { op: 'replace', path: '/open', value: false },
      { op: 'remove', path: '/nothing' },
    ]
    expect(await send('PATCH', '/carts/c1', bad, jsonPatch)).toMatchObject({ status: 409, json: { why: 'patch' } })
    expect((await send('GET', '/carts/c1')).json.open).toBe(true)
    expect((await send('PATCH', '/carts/c1', [{ op: 'jump', path: '/open' }], jsonPatch)).status).toBe(400)
    expect((await send('PATCH', '/carts/c1', [{ op: 'replace', path: '/id', value: 'c2' }], jsonPatch)).json.id).toBe(
      'c1',
    )
  })

  // RFC 6902, appendix A.
  test.each([
    [{ foo: 'bar' }, [{ op: 'add', path: '/baz', value: 'qux' }], { foo: 'bar', baz: 'qux' }],
    [{ foo: ['bar', 'baz'] }, [{ op: 'add', path: '/foo/1', value: 'qux' }], { foo: ['bar', 'qux', 'baz'] }],
    [{ foo: ['a', 'b', 'c'] }, [{ op: 'remove', path: '/foo/1' }], { foo: ['a', 'c'] }],
    [{ a: { x: 1 }, b: {} }, [{ op: 'move', from: '/a/x', path: '/b/y' }], { a: {}, b: { y: 1 } }],
    [{ f: ['a', 'b', 'c', 'd'] }, [{ op: 'move', from: '/f/1', path: '/f/3' }], { f: ['a', 'c', 'd', 'b'] }],
    [{ '/': 9, '~1': 10 }, [{ op: 'test', path: '/~01', value: 10 }], { '/': 9, '~1': 10 }],
    [{ a: { b: 1, c: 2 } }, [{ op: 'test', path: '/a', value: { c: 2, b: 1 } }], { a: { b: 1, c: 2 } }],
    [{ a: 1 }, [{ op: 'copy', from: '/a', path: '/b' }], { a: 1, b: 1 }],
    [{ a: 1 }, [{ op: 'replace', path: '', value: { b: 2 } }], { b: 2 }],
    [{ a: null }, [{ op: 'test', path: '/a', value: null }], { a: null }],
  ])('%j with %j is %j', (target, patch, expected) => {
    expect(applyJsonPatch(target, patch)).toEqual(expected)
  })

  test.each([
    [{ a: 1 }, [{ op: 'add', path: '/b/c', value: 1 }], true],
    [{ a: [] }, [{ op: 'add', path: '/a/1', value: 1 }], true],
    [{ a: [1] }, [{ op: 'remove', path: '/a/01' }], true],
    [{ a: {} }, [{ op: 'move', from: '/a', path: '/a/b' }], false],
    [{ a: 1 }, [{ op: 'add', path: 'a', value: 1 }], false],
    [{ a: 1 }, [{ op: 'add', path: '/a' }], false],
    [{ a: 1 }, { op: 'add' }, false],
    [{}, [{ op: 'add', path: '/__proto__/polluted', value: 1 }], true],
    [{}, [{ op: 'copy', from: '/constructor', path: '/a' }], true],
  ])('%j with %j is refused', (target, patch, isOfRecord) => {
    expect(() => applyJsonPatch(target, patch)).toThrow(PatchFault)
    try {
      applyJsonPatch(target, patch)
    } catch (fault) {
      expect((fault as PatchFault).isOfRecord).toBe(isOfRecord)
    }
  })
})

// RFC 7396, appendix A.
test.each([
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
])('%j with the merge patch %j is %j', (target, patch, expected) => {
  expect(applyMergePatch(target, patch)).toEqual(expected)
})

test('members called like those of a prototype are data', async () => {
  const send = await start({
    yaml: 'partner: p\ndatapoints: [ { name: x, pattern: resource, path: /x, id: sequence } ]',
  })
  const body = JSON.parse('{"__proto__":{"a":1},"constructor":2}')
  const text = JSON.stringify((await send('POST', '/x', body)).json)
  expect(text).toBe('{"id":1,"__proto__":{"a":1},"constructor":2}')
  expect(JSON.stringify((await send('PATCH', '/x/1', body)).json)).toBe(text)
  expect(({} as { a?: number }).a).toBeUndefined()
})
