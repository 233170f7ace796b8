import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { withLibraries } from '../../src/libraries.ts'
import { createScope } from '../../src/rendering/scope.ts'
import { compileSplice, type Splice } from '../../src/splicing/compile-splice.ts'
import { startEngine } from '../support/start-engine.ts'

const json = 'application/json'
const xml = 'application/xml'
const scope = createScope({ flow: () => ({ id: 'F-1', n: 7, odd: 'é"<&\u2028😀', none: undefined }) })

const compile = (declared: Record<string, unknown>) => withLibraries(() => compileSplice(declared, {}))
const latin1 = (text: string) => Buffer.from(text, 'latin1')

async function spliced(bytes: Uint8Array, type: string, declared: Record<string, unknown>): Promise<Buffer> {
  const splice = await compile(declared)
  expect(splice.problemOf(bytes, type)).toBeNull()
  return Buffer.from(splice.apply(bytes, type, scope))
}

describe('JSON', () => {
  test('only the bytes of the named values are others', async () => {
    const before = '\uFEFF{ "a" : 1.10,\r\n"a": [ true, {"é/~": "x" , "k":1e2} ],\t"b":{},"z":null }\r\n'
    const after = '\uFEFF{ "a" : 1.10,\r\n"a": [ "F-1", {"é/~": 7 , "k":1e2} ],\t"b":{"n":7},"z":"é\\"<&\u2028😀" }\r\n'
    const declared = {
      '/a/0': '{{ flow.id }}',
      '/a/1/é~1~0': '{{ flow.n }}',
      '/b': { n: '{{ flow.n }}' },
      '/z': '{{ flow.odd }}',
    }
    expect((await spliced(Buffer.from(before), json, declared)).toString()).toBe(after)
  })

  test('of members of one name the last is meant, names may be escaped, and the whole may be named', async () => {
    const before = Buffer.from('{"a":{"x":1},"\\u0061":{"x":2},"b":[[0]]}')
    expect((await spliced(before, json, { '/a/x': 3, '/b/0/0': 1 })).toString()).toBe(
      '{"a":{"x":1},"\\u0061":{"x":3},"b":[[1]]}',
    )
    expect((await spliced(Buffer.from(' [1] '), json, { '': '{{ flow.n }}' })).toString()).toBe(' 7 ')
  })

  test.each(['utf-16le', 'utf-16be'])('in %s', async (encoding) => {
    const encode = (text: string) => {
      const bytes = Buffer.from(`\uFEFF${text}`, 'utf16le')
      return encoding === 'utf-16be' ? bytes.swap16() : bytes
    }
    const after = await spliced(encode('{"é":1,"b":"😀"}'), json, { '/é': '{{ flow.odd }}' })
    expect(after).toEqual(encode('{"é":"é\\"<&\u2028😀","b":"😀"}'))
  })

  test('in latin-1 what the encoding may not have is escaped', async () => {
    const after = await spliced(latin1('{"\xe9":1,"b":"\xff"}'), `${json}; charset=iso-8859-1`, {
      '/é': '{{ flow.odd }}',
    })
    expect(after).toEqual(latin1('{"\xe9":"\\u00e9\\"<&\\u2028\\ud83d\\ude00","b":"\xff"}'))
  })

  test('a value whose template finds nothing stays as it is', async () => {
    expect((await spliced(Buffer.from('{"a": 1.0}'), json, { '/a': '{{ flow.none }}' })).toString()).toBe('{"a": 1.0}')
  })

  test.each([
    ['{"a":1', { '/a': 1 }, /not well-formed JSON/],
    ['{"a":1,}', { '/a': 1 }, /not well-formed JSON/],
    ['{"a":1}', { '/b': 1 }, /no value at "\/b"/],
    ['[1]', { '/01': 1 }, /no value at "\/01"/],
    ['[1]', { '/-': 1 }, /no value at "\/-"/],
    ['{"a":{"b":1}}', { '/a': 1, '/a/b': 1 }, /name the same value, or one that is inside/],
    ['['.repeat(200_000), { '/0': 1 }, /not well-formed JSON/],
  ])('%.20s with %j is a problem and changes nothing', async (text, declared, problem) => {
    const splice = await compile(declared)
    const bytes = Buffer.from(text)
    expect(splice.problemOf(bytes, json)?.problem).toMatch(problem)
    expect(splice.apply(bytes, json, scope)).toBe(bytes)
  })
})

describe('XML', () => {
  test('only the bytes of the named elements and attributes are others', async () => {
    const text = (id: string, name: string, empty: string, odd: string) =>
      `<?xml version="1.0" encoding="iso-8859-1"?>\r\n<!-- <id>no</id> --><s:e xmlns:s='u' a = "1>2"\r\n b='${id}'>` +
      `<s:id  >${name}</s:id\t><![CDATA[<id>no</id>]]>&amp;\xe9<x ${empty}<y at='\xff'>${odd}</y></s:e>\n<?p <id/> ?>`
    const before = latin1(text('old', 'n', '/>', 'o'))
    const after = await spliced(before, xml, {
      '//@b': '{{ flow.id }}',
      '//id': '{{ flow.n }}',
      '/e/x': '{{ flow.id }}',
      '//y/text()': '{{ flow.odd }}',
    })
    expect(after).toEqual(latin1(text('F-1', '7', '>F-1</x>', '&#233;&quot;&lt;&amp;&#8232;&#128512;')))
  })

  test('every node that is selected, and UTF-8 as it is', async () => {
    const after = await spliced(Buffer.from('\uFEFF<à><b>1</b><b>2</b>é</à>'), xml, { '//b': '{{ flow.odd }}' })
    expect(after.toString()).toBe('\uFEFF<à><b>é&quot;&lt;&amp;\u2028😀</b><b>é&quot;&lt;&amp;\u2028😀</b>é</à>')
  })

  test.each([
    ['<a><b></a>', '//b', /not well-formed XML/],
    ['<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>', '//a', /not well-formed XML without a document type/],
    ['<a/>', '//b', /nothing at "\/\/b"/],
    ['<a><b/></a>', '/a', /neither an attribute nor an element of text alone/],
    ['<a/>', '/a[', /nothing at/],
  ])('%s with %s is a problem', async (text, selector, problem) => {
    const splice = await compile({ [selector]: 1 })
    expect(splice.problemOf(Buffer.from(text), xml)?.problem).toMatch(problem)
  })
})

/** A document in pieces: those that stay, and between them those that are replaced. */
interface Pieces {
  readonly stay: readonly string[]
  readonly selectors: readonly string[]
}

const whitespace = fc.stringMatching(/^[ \t\r\n]{0,3}$/)
const hostileText = fc.oneof(fc.string({ unit: 'binary', maxLength: 8 }), fc.string({ unit: 'grapheme', maxLength: 8 }))
const literal = fc.oneof(
  hostileText.map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '1.10',
    '-0',
    '1e400',
    '12345678901234567890',
    'true',
    'null',
    '"\\u00e9\\/"',
    '{}',
    '[]',
    '{"a":1,"a":2}',
  ),
)

/** Members `v0`, `v1`, … are replaced; what is between and around them is not. */
const jsonDocument: fc.Arbitrary<Pieces> = fc
  .array(fc.tuple(whitespace, hostileText, literal, whitespace, whitespace), { minLength: 1, maxLength: 6 })
  .map((members) => {
    const stay: string[] = []
    let open = '{'
    members.forEach(([before, name, value, beside, after], index) => {
      const other = `${JSON.stringify(`x${name}`)}${beside}:${before}${value}${after},`
      stay.push(`${open}${before}${other}"v${index}"${beside}:${after}`)
      open = `${beside},`
    })
    return { stay: [...stay, `${members[0]?.[0] ?? ''}}`], selectors: members.map((_, index) => `/v${index}`) }
  })

const xmlText = fc.string({ unit: 'grapheme', maxLength: 8 }).map((text) =>
  text
    .replaceAll(/\p{C}|[\ufffe\uffff]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll(']]>', ''),
)
const xmlNoise = fc.oneof(
  xmlText,
  xmlText.map((text) => `<!--${text.replaceAll('-', '')}<v0>-->`),
  xmlText.map((text) => `<![CDATA[${text}<v0/>]]>`),
  xmlText.map((text) => `<n a="${text.replaceAll('"', '')}>" b = '${text.replaceAll("'", '')}'/>`),
  fc.constantFrom('<?php <v0> ?>', '\r\n', '<m:n xmlns:m="u">x</m:n>'),
)
const xmlDocument: fc.Arbitrary<Pieces> = fc
  .array(fc.tuple(xmlNoise, xmlNoise, fc.boolean()), { minLength: 1, maxLength: 6 })
  .map((members) => {
    const stay: string[] = []
    let open = '<r>'
    const selectors = members.map(([before, after, isAttribute], index) => {
      stay.push(isAttribute ? `${open}${before}<e${index} q='"' v = "` : `${open}${before}<v${index} w='>'>`)
      open = isAttribute ? `"/>${after}` : `</v${index} >${after}`
      return isAttribute ? `//e${index}/@v` : `//v${index}`
    })
    return { stay: [...stay, `${open}</r>`], selectors }
  })

type Encode = (text: string) => Buffer
const encodings: Readonly<Record<string, Encode>> = {
  'UTF-8': (text) => Buffer.from(text),
  'UTF-8 with a mark': (text) => Buffer.from(`\uFEFF${text}`),
  'UTF-16LE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le'),
  'UTF-16BE': (text) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
}

/** What the document would be, had it been written with these values from the beginning. */
function joined({ stay, selectors }: Pieces, values: readonly string[]): string {
  return stay.map((piece, index) => piece + (index < selectors.length ? (values[index] ?? '') : '')).join('')
}

describe.each(Object.entries(encodings))('any document in %s', (_name, encode) => {
  let compileNow: (selectors: readonly string[], value: string) => Splice
  beforeAll(async () => {
    await compile({ '/a': 1 })
    compileNow = (selectors, value) =>
      compileSplice(Object.fromEntries(selectors.map((selector) => [selector, value])), {})
  })

  test('of JSON is what it would be, had it been written with the new values: every other byte is the same', () => {
    fc.assert(
      fc.property(jsonDocument, fc.array(literal, { minLength: 6, maxLength: 6 }), (pieces, values) => {
        const splice = compileNow(pieces.selectors, 'a new value, é')
        const before = encode(joined(pieces, values))
        const expected = encode(
          joined(
            pieces,
            pieces.selectors.map(() => '"a new value, é"'),
          ),
        )
        expect(splice.problemOf(before, json)).toBeNull()
        expect(Buffer.from(splice.apply(before, json, scope)).equals(expected)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('of XML is what it would be, had it been written with the new values: every other byte is the same', () => {
    fc.assert(
      fc.property(xmlDocument, fc.array(xmlText, { minLength: 6, maxLength: 6 }), (pieces, texts) => {
        const splice = compileNow(pieces.selectors, '<new & é>')
        const values = texts.map((text) => text.replaceAll('"', '').replaceAll('>', ''))
        const before = encode(joined(pieces, values))
        const expected = encode(
          joined(
            pieces,
            pieces.selectors.map(() => '&lt;new &amp; é&gt;'),
          ),
        )
        expect(splice.problemOf(before, xml)).toBeNull()
        expect(Buffer.from(splice.apply(before, xml, scope)).equals(expected)).toBe(true)
      }),
      { numRuns: 500 },
    )
  })

  test('of any bytes at all throws nothing, and changes nothing where it names nothing', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.uint8Array({ maxLength: 60 }), hostileText.map(encode)),
        fc.constantFrom(json, xml, null),
        (bytes, type) => {
          const splice = compileNow(['/a'], 'x')
          if (splice.problemOf(bytes, type) !== null) expect(splice.apply(bytes, type, scope)).toBe(bytes)
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('an endpoint with splice', () => {
  const yaml = `partner: hotel
datapoints:
  - name: bookings
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /bookings, response: { generates_id: true, id_body_field: id } }
      - step: 2
        method: GET
        path: /bookings/{id}
        response: { returns_payload: true, splice: { /reservation/id: "{{ flow.id }}" } }
  - name: rates
    pattern: fetch
    endpoints: [ { method: GET, path: /rates, response: { splice: { /rate: "{{ request.query.rate | number }}" } } } ]
`
  const upload = { headers: { 'content-type': json } }

  test('answers with the payload as it came, but for the named values', async () => {
    const { call, admin } = await startEngine({ yaml })
    const body = '{"reservation":{"id":"OLD","total":1.10},"total":1e2}\r\n'
    await admin('POST', '/imnot/admin/hotel/bookings/payload', { ...upload, body })
    for (const _ of [1, 2]) {
      const { id } = await (await call('POST', '/bookings')).json()
      const answer = await call('GET', `/bookings/${id}`)
      expect(await answer.text()).toBe(body.replace('OLD', id))
      expect(answer.headers.get('content-length')).toBe(String(body.length - 3 + id.length))
    }
    await admin('POST', '/imnot/admin/hotel/rates/payload', { ...upload, body: '{"rate": 1.0, "x": 1.0}' })
    expect(await (await call('GET', '/rates?rate=2.5')).text()).toBe('{"rate": 2.5, "x": 1.0}')
    await admin('POST', '/imnot/admin/hotel/rates/payload', { ...upload, body: '{"rate": 3.0, "x": 2.0}' })
    expect(await (await call('GET', '/rates?rate=2.5')).text()).toBe('{"rate": 2.5, "x": 2.0}')
  })

  test('refuses a payload that has no such value, and says which', async () => {
    const { call, admin } = await startEngine({ yaml })
    await admin('POST', '/imnot/admin/hotel/rates/payload', { ...upload, body: '{"price": 1}' })
    const answer = await call('GET', '/rates?rate=1')
    expect([answer.status, await answer.json()]).toEqual([
      404,
      {
        detail:
          'The payload that was uploaded for hotel/rates cannot be changed as "splice" says: the document has no value at "/rate"; upload one that can.',
      },
    ])
  })
})
