import { templateRoots } from '@imnot/schema'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { withLibraries } from '../../src/libraries.ts'
import { compileBody } from '../../src/rendering/body.ts'
import { rootNames } from '../../src/rendering/scope.ts'
import { compileValue } from '../../src/rendering/value.ts'
import { jsonRequest, scopeOf } from '../support/scope-of.ts'

const order = {
  guest: { name: 'Ada', age: 36, vip: true, note: null },
  items: [{ sku: 'a', n: 1 }, { n: 2 }, { sku: 'c', n: 3 }],
  size: undefined,
}

const render = async (declared: unknown, body: unknown = order, flowId = false) =>
  (await withLibraries(() => compileValue(declared, { flowId })))(
    scopeOf(
      {
        ...jsonRequest(body),
        path: '/v1/orders/7?status=OPEN&tag=a&tag=b',
        params: { id: '7' },
        headers: { 'content-type': 'application/json', 'x-trace': 't1' },
      },
      { flow: () => ({ id: 'f-1' }) },
    ),
  )

test('a value that is exactly one template keeps its type', async () => {
  expect(
    await render([
      '{{ request.body.guest.age }}',
      '{{request.body.guest.vip}}',
      '{{ request.body.guest }}',
      '{{ "7" }}',
      '{{ 7 }}',
    ]),
  ).toEqual([36, true, order.guest, '7', 7])
})

test('a template within text is text', async () => {
  expect(await render('{{ request.body.guest.name }} ({{ request.body.guest.age }}) {{ request.body.nothing }}!')).toBe(
    'Ada (36) !',
  )
})

test('a member or an item whose template finds nothing is left out, and null stays', async () => {
  expect(
    await render({
      a: '{{ request.body.nothing }}',
      b: null,
      c: '{{ request.body.guest.note }}',
      d: ['{{ request.body.nothing }}', 1],
    }),
  ).toEqual({
    b: null,
    c: null,
    d: [1],
  })
})

test('the parts of a request are read by their names, headers in any case', async () => {
  expect(
    await render([
      '{{ request.method }}',
      '{{ request.path }}',
      '{{ request.url }}',
      '{{ request.params.id }}',
      '{{ request.query.status }}',
      '{{ request.query.tag }}',
      '{{ request.headers.X-TRACE }}',
      '{{ request.headers["X-Trace"] | upcase }}',
      '{{ base_url }}/x',
      '{{ now }}',
    ]),
  ).toEqual([
    'POST',
    '/v1/orders/7',
    'http://mock/v1/orders/7?status=OPEN&tag=a&tag=b',
    '7',
    'OPEN',
    ['a', 'b'],
    't1',
    'T1',
    'http://mock/x',
    '2026-03-01T12:30:45.250Z',
  ])
})

test('an absent value is nothing, also where Liquid would answer with the size of a mapping', async () => {
  expect(
    await render([
      '{{ request.body.guest.size }}',
      '{{ request.body.guest.size | default: "none" }}',
      '{{ request.body.items.size }}',
      '{{ request.body.items.last.sku }}',
    ]),
  ).toEqual(['none', 3, 'c'])
})

test('{id} is short for the id of the flow, and stays what it is inside of a template', async () => {
  expect(await render({ a: '/jobs/{id}', b: '{id}', c: '{{ "{id}" }}' }, order, true)).toEqual({
    a: '/jobs/f-1',
    b: 'f-1',
    c: '{id}',
  })
  expect(await render('/jobs/{id}')).toBe('/jobs/{id}')
})

test('for_each makes a list of a list, with forloop, and when says of which items', async () => {
  const value = { id: '{{ item.sku }}', n: '{{ forloop.index }}', last: '{{ forloop.last }}' }
  expect(
    await render({
      for_each: 'item',
      in: '{{ request.body.items }}',
      when: { item: { sku: { exists: true } } },
      value,
    }),
  ).toEqual([
    { id: 'a', n: 1, last: false },
    { id: 'c', n: 2, last: true },
  ])
  expect(await render({ for_each: 'item', in: '{{ request.body.none }}', value: 1 })).toEqual([])
  expect(
    await render({ for_each: 'x', in: [1, 2], value: { for_each: 'y', in: [3, 4], value: '{{ x }}{{ y }}' } }),
  ).toEqual([
    ['13', '14'],
    ['23', '24'],
  ])
})

test('choose takes the first value whose condition holds', async () => {
  const choose = [
    { when: { body: { guest: { age: { gte: 40 } } } }, value: 'old' },
    { when: '{{ request.body.guest.vip }}', value: 'vip' },
    { value: 0 },
  ]
  expect(await render({ is: { choose } })).toEqual({ is: 'vip' })
  expect(await render({ choose }, { guest: { age: 41 } })).toBe('old')
  expect(await render({ choose }, {})).toBe(0)
})

test('what a request says is never a template', async () => {
  const evil = '{{ now }}{% if true %}x{% endif %}'
  expect(await render('{{ request.body.text }} {{ request.body.text | upcase }}', { text: evil })).toBe(
    `${evil} ${evil.toUpperCase()}`,
  )
  expect(await render({ for_each: 'x', in: '{{ request.body.list }}', value: '{{ x }}' }, { list: [evil] })).toEqual([
    evil,
  ])
})

async function body(declared: unknown, type: string | null = null, sent: unknown = order) {
  const render = await withLibraries(() => compileBody(declared, type))
  const found = render(scopeOf(jsonRequest(sent)))
  return found === null
    ? null
    : { text: new TextDecoder().decode(found.bytes), type: found.type, isFixed: render.isFixed }
}

test('a mapping or list is written in the declared media type', async () => {
  const rows = { for_each: 'item', in: '{{ request.body.items }}', value: { sku: '{{ item.sku }}', n: '{{ item.n }}' } }
  expect(await body(rows)).toMatchObject({
    text: '[{"sku":"a","n":1},{"n":2},{"sku":"c","n":3}]',
    type: 'application/json',
  })
  expect(await body(rows, 'text/csv')).toMatchObject({ text: 'sku,n\r\na,1\r\n,2\r\nc,3\r\n', type: 'text/csv' })
  expect(await body(rows, 'application/x-ndjson')).toMatchObject({
    text: '{"sku":"a","n":1}\n{"n":2}\n{"sku":"c","n":3}\n',
  })
  expect(
    await body({ a: '{{ request.body.guest }}', b: ['x y', 1] }, 'application/x-www-form-urlencoded'),
  ).toMatchObject({
    text: 'a%5Bname%5D=Ada&a%5Bage%5D=36&a%5Bvip%5D=true&a%5Bnote%5D=&b=x+y&b=1',
  })
  expect(await body([{ 'a"b': 'x,"y"\n' }], 'text/csv')).toMatchObject({ text: '"a""b"\r\n"x,""y""\n"\r\n' })
})

test('a string is text in which values are escaped by the media type, unless raw lifts it', async () => {
  const sent = { x: '<b a="1">&\'' }
  const escaped = '&lt;b a=&quot;1&quot;&gt;&amp;&#39;'
  expect(await body('<a>{{ request.body.x }}</a>', 'text/xml', sent)).toMatchObject({ text: `<a>${escaped}</a>` })
  expect(await body('<?xml version="1.0"?><a>{{ request.body.x | raw }}</a>', null, sent)).toMatchObject({
    text: `<?xml version="1.0"?><a>${sent.x}</a>`,
    type: 'application/xml',
  })
  expect(
    await body('{% if request.body.x %}{{ request.body.x }}{% endif %}', 'text/html; charset=utf-8', sent),
  ).toMatchObject({ text: escaped })
  expect(await body('{{ request.body.x }}', 'text/plain', sent)).toMatchObject({ text: sent.x })
  expect(await body('{% for i in request.body.items %}{{ forloop.index }}={{ i.sku }};{% endfor %}')).toMatchObject({
    text: '1=a;2=;3=c;',
  })
})

test('a string that is one template gives the value that it finds, and nothing is no body', async () => {
  expect(await body('{{ request.body.guest }}')).toMatchObject({
    text: JSON.stringify(order.guest),
    type: 'application/json',
  })
  expect(await body('{{ request.body.guest.name }}')).toMatchObject({ text: 'Ada', type: 'text/plain; charset=utf-8' })
  expect(await body('{{ request.body.nothing }}')).toBeNull()
})

test('a body without templates is fixed, and its bytes are those of the definition', async () => {
  expect(await body({ a: ['1.10', { b: '{id}' }] })).toMatchObject({
    text: '{"a":["1.10",{"b":"{id}"}]}',
    isFixed: true,
  })
  expect(await body('no {braces} %}')).toMatchObject({ text: 'no {braces} %}', isFixed: true })
})

test('the schema admits the very roots that there are', () => {
  expect([...templateRoots].sort()).toEqual([...rootNames, 'forloop'].sort())
})

const names = fc.constantFrom(
  'request',
  'body',
  'a',
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'size',
  'first',
  'last',
  'length',
  'headers',
  'now',
  'call',
  'valueOf',
)
const filters = fc.constantFrom(
  'upcase',
  'json',
  'map: "constructor"',
  'where: "__proto__"',
  'sort_keys',
  'pairs',
  'nest',
  'date: "%Y"',
  'size',
  'first',
  'join',
  'split: ""',
  'times: 1e308',
  'chunk: 1',
  'sha256',
  'parse_json',
  'group_by: "a"',
  'sum: "a"',
  'match: "(("',
  'sort: "__proto__"',
  'slice: 0, 9',
  'concat: request.body',
  'default: nil',
)
const expression = fc
  .tuple(fc.array(names, { minLength: 1, maxLength: 5 }), fc.array(filters, { maxLength: 3 }))
  .map(([path, used]) => [path.join('.'), ...used].join(' | '))

test('no template throws, and none reads a prototype or a function', async () => {
  await fc.assert(
    fc.asyncProperty(expression, fc.jsonValue(), fc.boolean(), async (source, sent, tagged) => {
      const text = tagged ? `{% if ${source.split(' |')[0]} %}{{ ${source} }}{% endif %}` : `{{ ${source} }}`
      const render = await withLibraries(() => compileBody({ v: text, t: `x${text}` }, null))
      const text2 = await withLibraries(() => compileBody(text, 'text/html'))
      const scope = scopeOf(jsonRequest(sent))
      for (const found of [render(scope), text2(scope)]) {
        expect(new TextDecoder().decode(found?.bytes)).not.toMatch(/native code|\[object|function/)
      }
    }),
    { numRuns: 300 },
  )
  expect(Object.keys(Object.prototype)).toEqual([])
})
