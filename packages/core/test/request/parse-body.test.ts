import fc from 'fast-check'
import { expect, test } from 'vitest'
import { loadLibrary } from '../../src/libraries.ts'
import { scopeOf } from '../support/scope-of.ts'

await loadLibrary('xml')

const parse = (type: string | null, body: string | Uint8Array) =>
  JSON.parse(
    JSON.stringify(scopeOf({ body, headers: type === null ? {} : { 'content-type': type } }).request?.body ?? null),
  )

const multipart = [
  '--X',
  'Content-Disposition: form-data; name="title"',
  '',
  'Hello',
  '--X',
  'Content-Disposition: form-data; name="meta"',
  'Content-Type: application/json; charset=utf-8',
  '',
  '{"a":1}',
  '--X',
  'Content-Disposition: form-data; name="file"; filename="a \\"b\\".txt"',
  'Content-Type: text/plain',
  '',
  'line 1\r\n--line 2',
  '--X--',
  '',
].join('\r\n')

test.each<[string, string | null, string, unknown]>([
  ['JSON', 'application/json', '{"a":[1,null]}', { a: [1, null] }],
  ['JSON of a version', 'application/x-amz-json-1.1', '{"a":1}', { a: 1 }],
  ['JSON by its suffix', 'application/vnd.api+json; v=1', '{"a":1}', { a: 1 }],
  ['JSON that is broken', 'application/json', '{"a":', null],
  ['JSON without a type', null, ' {"a":1}', { a: 1 }],
  ['JSON with the type of a form', 'application/x-www-form-urlencoded', '{"a":1}', { a: 1 }],
  ['a form', 'application/x-www-form-urlencoded', 'a=1&b=x+y', { a: '1', b: 'x y' }],
  [
    'a form that nests',
    'application/x-www-form-urlencoded',
    'g[name]=Ada&g[tags][]=a&g[tags][]=b&i[0][s]=1&i[1][s]=2&t=1&t=2',
    { g: { name: 'Ada', tags: ['a', 'b'] }, i: [{ s: '1' }, { s: '2' }], t: ['1', '2'] },
  ],
  [
    'a form with odd names',
    'application/x-www-form-urlencoded',
    'a[=1&[b]=2&c]=3',
    { 'a[': '1', '[b]': '2', 'c]': '3' },
  ],
  [
    'CSV',
    'text/csv',
    'a,b\r\n1,"x, ""y"""\r\n\r\n2,\n',
    [
      { a: '1', b: 'x, "y"' },
      { a: '2', b: '' },
    ],
  ],
  ['CSV with semicolons', 'text/csv', 'a;b\n1;2', [{ a: '1', b: '2' }]],
  ['JSON lines', 'application/x-ndjson', '{"a":1}\n\n{"a":2}\n', [{ a: 1 }, { a: 2 }]],
  ['XML', 'text/xml', '<a x="1"><b>t</b><b/><c><d>1</d></c></a>', { a: { '@x': '1', b: ['t', ''], c: { d: '1' } } }],
  ['XML by its suffix', 'application/soap+xml', '<s:E xmlns:s="u"><s:B>1</s:B></s:E>', { E: { B: '1' } }],
  ['XML with a document type', 'text/xml', '<!DOCTYPE a><a/>', null],
  ['XML that is broken', 'text/xml', '<a><b></a>', null],
  ['text', 'text/plain', 'hi', 'hi'],
  ['bytes', 'application/pdf', '%PDF', null],
  [
    'multipart',
    'multipart/form-data; boundary="X"',
    multipart,
    {
      title: 'Hello',
      meta: { a: 1 },
      file: { filename: 'a "b".txt', content_type: 'text/plain', size: 16, text: 'line 1\r\n--line 2' },
    },
  ],
  ['multipart without its boundary', 'multipart/form-data', multipart, null],
])('%s', (_name, type, body, expected) => {
  expect(parse(type, body)).toEqual(expected)
})

test('text is read by its charset', () => {
  expect(parse('text/plain; charset=latin1', Uint8Array.of(0xfc))).toBe('ü')
  expect(parse('application/json', Uint8Array.of(0xef, 0xbb, 0xbf, 0x5b, 0x31, 0x5d))).toEqual([1])
})

test('__proto__ is data', () => {
  for (const [type, body] of [
    ['application/json', '{"__proto__":{"polluted":1}}'],
    ['application/x-www-form-urlencoded', '__proto__[polluted]=1&constructor[prototype][polluted]=1'],
    ['text/csv', '__proto__\n1'],
    ['text/xml', '<__proto__><polluted>1</polluted></__proto__>'],
  ] as const) {
    parse(type, body)
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
  }
})

test('no body of any type makes the view throw', () => {
  const types = fc.constantFrom(
    'application/json',
    'text/xml',
    'text/csv',
    'multipart/form-data; boundary=X',
    'application/x-www-form-urlencoded',
    'application/x-ndjson',
    'text/plain; charset=nonsense',
    '',
  )
  const pieces = fc
    .array(
      fc.constantFrom(
        '{',
        '"',
        '[',
        ']',
        '=',
        '&',
        '<a',
        '>',
        '</a>',
        '--X',
        '\r\n',
        ',',
        ';',
        '__proto__',
        '\u0000',
        'ü',
        '%ff',
      ),
      { maxLength: 40 },
    )
    .map((all) => all.join(''))
  fc.assert(
    fc.property(types, pieces, (type, body) => {
      const { request } = scopeOf({ body, headers: { 'content-type': type } })
      expect(typeof request?.text).toBe('string')
      JSON.stringify(request?.body)
    }),
    { numRuns: 500 },
  )
})
