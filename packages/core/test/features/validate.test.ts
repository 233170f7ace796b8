import { describe, expect, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

const endpoint = (validate: string, more = '') => `partner: shop
datapoints:
  - name: orders
    pattern: static
    endpoints:
      - method: [GET, POST]
        path: /orders/{id}
        validate: ${validate}
        response: { status: 201 }
        ${more}
`

interface Asked {
  readonly path?: string
  readonly body?: unknown
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
}

async function start(validate: string, more?: string) {
  const { call } = await startEngine({ yaml: endpoint(validate, more) })
  return async ({ path = '/orders/1', body, type = 'application/json', headers = {} }: Asked) => {
    const sent = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await call('POST', path, {
      ...(body !== undefined && { body: sent }),
      headers: { ...(body !== undefined && { 'content-type': type }), ...headers },
    })
    const text = await response.text()
    return { status: response.status, ...(text === '' ? {} : JSON.parse(text)) }
  }
}

describe('field rules', () => {
  test('refuse with every violation and pass what fits', async () => {
    const ask = await start(`
          params: { id: { type: integer } }
          query: { size: { type: number, min: 1, max: 100 }, tag: { allowed: [a, b] } }
          headers: { X-Tenant: { required: true, pattern: "^t-[0-9]+$" } }
          body:
            email: { required: true, type: string, pattern: ".@." }
            guest.age: { type: integer, min: 18 }
            "$.items[*].sku": { type: string, max: 3 }
            items: { type: array, min: 1 }`)
    const good = { email: 'a@b', guest: { age: 20 }, items: [{ sku: 'abc' }] }
    const headers = { 'x-tenant': 't-1' }
    expect(await ask({ path: '/orders/7?size=50&tag=a&tag=b', body: good, headers })).toEqual({ status: 201 })
    const { status, detail, violations } = await ask({
      path: '/orders/x?size=0&tag=a&tag=c',
      body: { email: 5, guest: { age: '20' }, items: [{ sku: 'ab' }, { sku: 'abcd' }] },
    })
    expect(status).toBe(422)
    expect(violations).toEqual([
      { place: 'params', field: 'id', problem: 'must be a whole number, found "x"' },
      { place: 'query', field: 'size', problem: 'must be at least 1, found "0"' },
      { place: 'query', field: 'tag', problem: 'must be one of "a", "b", found "c"' },
      { place: 'headers', field: 'X-Tenant', problem: 'is required' },
      { place: 'body', field: 'email', problem: 'must be text, found 5' },
      { place: 'body', field: 'guest.age', problem: 'must be a whole number, found "20"' },
      { place: 'body', field: '$.items[*].sku', problem: 'must have at most 3 characters, found "abcd"' },
    ])
    expect(detail).toBe(
      'The request has 7 faults: params "id" must be a whole number, found "x"; query "size" must be at least 1, found "0"; ' +
        'query "tag" must be one of "a", "b", found "c"; headers "X-Tenant" is required; body "email" must be text, found 5; ' +
        'body "guest.age" must be a whole number, found "20"; body "$.items[*].sku" must have at most 3 characters, found "abcd".',
    )
  })

  test('text of a form, of XML and of a query reads as a number, and text in JSON does not', async () => {
    const ask = await start('{ body: { age: { required: true, type: integer, min: 18 } } }')
    expect((await ask({ body: 'age=19', type: 'application/x-www-form-urlencoded' })).status).toBe(201)
    expect((await ask({ body: 'age=9', type: 'application/x-www-form-urlencoded' })).status).toBe(422)
    expect((await ask({ body: { age: '19' } })).status).toBe(422)
    const xml = await start('{ body: { "//age": { required: true, type: integer, min: 18 } } }')
    expect((await xml({ body: '<a><age>19</age></a>', type: 'text/xml' })).status).toBe(201)
    expect(await xml({ body: '<a/>', type: 'text/xml' })).toMatchObject({
      violations: [{ place: 'body', field: '//age', problem: 'is required' }],
    })
  })

  test.each([
    ['date', '2026-02-28', '2026-02-30'],
    ['datetime', '2026-02-28T10:00:00Z', '2026-02-28'],
    ['boolean', true, 'yes'],
    ['object', { a: 1 }, [1]],
    ['array', [], {}],
    ['number', 1.5, 'x'],
  ])('%s takes %j and refuses %j', async (type, good, bad) => {
    const ask = await start(`{ body: { v: { type: ${type} } } }`)
    expect((await ask({ body: { v: good } })).status).toBe(201)
    expect((await ask({ body: { v: bad } })).status).toBe(422)
    expect((await ask({ body: { v: null } })).status).toBe(201)
  })

  test("the partner's own shape gets the violations, and nothing is written", async () => {
    const ask = await start(
      '{ query: { q: { required: true } } }',
      'errors: { invalid: { status: 400, body: { errors: { for_each: v, in: "{{ error.violations }}", value: "{{ v.field }} {{ v.problem }}" } } } }',
    )
    expect(await ask({})).toEqual({ status: 400, errors: ['q is required'] })
  })

  test('a pattern that would take for ever elsewhere takes no time', async () => {
    const ask = await start('{ body: { v: { pattern: "^(a+)+$" } } }')
    const began = performance.now()
    expect((await ask({ body: { v: `${'a'.repeat(50_000)}b` } })).status).toBe(422)
    expect(performance.now() - began).toBeLessThan(2000)
  })
})

describe('a JSON Schema', () => {
  const schema = `
          schema:
            type: object
            required: [name, size]
            additionalProperties: false
            properties:
              name: { type: string, minLength: 2, pattern: "^(a+)+$" }
              size: { enum: [S, M] }
              mail: { type: string, format: email }
              tags: { type: array, items: { $ref: "#/$defs/tag" } }
            $defs: { tag: { type: string, maxLength: 3 } }`

  test('refuses with every violation', async () => {
    const ask = await start(schema)
    expect(await ask({ body: { name: 'aa', size: 'S', mail: 'a@b.test', tags: ['x'] } })).toEqual({ status: 201 })
    const { status, violations } = await ask({ body: { name: 'b', mail: 'no', tags: ['x', 'long'], more: 1 } })
    expect(status).toBe(422)
    expect(violations).toEqual(
      expect.arrayContaining([
        { place: 'body', field: 'size', problem: 'is required' },
        { place: 'body', field: 'more', problem: 'is not known here' },
        { place: 'body', field: 'name', problem: 'must NOT have fewer than 2 characters, found "b"' },
        { place: 'body', field: 'name', problem: 'must match pattern "^(a+)+$", found "b"' },
        { place: 'body', field: 'mail', problem: 'must match format "email", found "no"' },
        { place: 'body', field: 'tags.1', problem: 'must NOT have more than 3 characters, found "long"' },
      ]),
    )
    expect(violations).toHaveLength(6)
  })

  test('a body that is missing or broken is a violation, and no pattern takes for ever', async () => {
    const ask = await start(schema)
    expect(await ask({})).toMatchObject({ status: 422, detail: 'The request has 1 fault: body is required.' })
    expect((await ask({ body: '{"name":' })).detail).toContain('body must be JSON')
    const began = performance.now()
    expect((await ask({ body: { name: `${'a'.repeat(50_000)}b`, size: 'S' } })).status).toBe(422)
    expect(performance.now() - began).toBeLessThan(2000)
  })

  test('no list and no text of a consumer makes it slow', async () => {
    const ask = await start(
      '{ schema: { properties: { list: { type: array, uniqueItems: true }, link: { type: string, format: url } } } }',
    )
    const list = Array.from({ length: 45_000 }, (_, index) => ({ b: index, a: 1 }))
    const began = performance.now()
    expect((await ask({ body: { list } })).status).toBe(201)
    expect((await ask({ body: { list: [...list, { a: 1, b: 7 }] } })).detail).toContain('must NOT have duplicate items')
    expect((await ask({ body: { link: `http://${'a:'.repeat(400_000)}` } })).detail).toContain(
      'must match format "url"',
    )
    expect(performance.now() - began).toBeLessThan(5000)
    expect((await ask({ body: { link: 'https://a.test/b?c' } })).status).toBe(201)
  })

  test('of an older draft is read by its own rules', async () => {
    const ask = await start(
      '{ schema: { $schema: "http://json-schema.org/draft-07/schema#", type: array, items: [ { type: string }, { type: number } ] } }',
    )
    expect((await ask({ body: ['a', 1] })).status).toBe(201)
    expect((await ask({ body: ['a', 'b'] })).status).toBe(422)
  })

  test.each([
    ['{ schema: { $ref: "https://evil.test/x.json" } }', /refers to https:\/\/evil\.test\/x\.json/, '8:37'],
    ['{ schema: { $ref: "file:///etc/passwd" } }', /refers to file:\/\/\/etc\/passwd/, '8:37'],
    ['{ schema: { type: strin } }', /The JSON Schema cannot be used: schema is invalid/, '8:29'],
    [
      '{ schema: { type: string, pattern: "(?=a)" } }',
      /The pattern "\(\?=a\)" of the JSON Schema cannot be used/,
      '8:54',
    ],
    ['{ schema: { $schema: "http://json-schema.org/draft-04/schema#" } }', /too old/, '8:40'],
    ['{ schema: order.json }', /"order\.json" cannot be read: this definition came without a folder/, '8:29'],
    ['{ body: { v: { pattern: "(a" } } }', /The pattern "\(a" cannot be used/, '8:43'],
    ['{ body: { "$.[": { required: true } } }', /JSONPath/, '8:36'],
  ])('%s is refused at load with its place', async (validate, message, place) => {
    const { engine } = await startEngine({ yaml: endpoint(validate) })
    const [fault] = engine.definitions().failed.flatMap(({ diagnostics }) => diagnostics)
    expect(fault?.message).toMatch(message)
    expect(`${fault?.line}:${fault?.column}`).toBe(place)
  })
})

describe('media types', () => {
  test('a body in another one is 415, and a client that accepts no other answer gets 406', async () => {
    const ask = await start('{ content_type: [application/json, application/*+json], accept: [application/json] }')
    expect((await ask({ body: {}, type: 'application/json; charset=utf-8' })).status).toBe(201)
    expect((await ask({ body: {}, type: 'application/vnd.shop+json' })).status).toBe(201)
    expect(await ask({ body: '<a/>', type: 'text/xml' })).toMatchObject({
      status: 415,
      detail:
        "The body must have the media type application/json or application/*+json, and the request's is text/xml; send it as Content-Type.",
    })
    const accepting = async (accept: string) => (await ask({ headers: { accept } })).status
    expect(await accepting('text/html')).toBe(406)
    expect(await accepting('text/html, application/*;q=0.1')).toBe(201)
    expect(await accepting('*/*, application/json;q=0')).toBe(406)
    expect(await accepting('*/*')).toBe(201)
  })

  test("the status stays in the partner's shape, unless the shape says another", async () => {
    const shape = (status: string) => `errors: { invalid: { ${status} body: { code: "{{ error.status }}" } } }`
    const ask = await start('{ content_type: [text/csv] }', shape(''))
    expect(await ask({ body: {} })).toEqual({ status: 415, code: 415 })
    const other = await start('{ content_type: [text/csv] }', shape('status: 400,'))
    expect(await other({ body: {} })).toEqual({ status: 400, code: 400 })
  })
})

test('a header that no request can have is one that is missing', async () => {
  const yaml =
    'partner: p\ndatapoints: [ { name: n, pattern: static, endpoints: [ { method: GET, path: /n, validate: { headers: { "(a)": { required: true } } } } ] } ]'
  const { call } = await startEngine({ yaml, background: false })
  expect((await call('GET', '/n')).status).toBe(422)
})
