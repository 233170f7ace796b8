import { describe, expect, it } from 'vitest'
import { parseDefinition } from '../src/index.ts'

const bytes = (...parts: (string | number[])[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))))

const tail = 'datapoints:\n  - name: a\n    pattern: static\n    endpoints:\n      - { method: GET, path: /a }\n'

function places(input: string | Uint8Array): string[] {
  const result = parseDefinition(input)
  return result.ok ? ['loads'] : result.diagnostics.map(({ line, column, code }) => `${line}:${column} ${code}`)
}

describe('input that is no definition is a diagnostic, never a throw', () => {
  const anchors = Array.from({ length: 9 }, (_, index) => {
    const previous =
      index === 0
        ? '[lol, lol, lol]'
        : `[${Array(9)
            .fill(`*a${index - 1}`)
            .join(', ')}]`
    return `x-a${index}: &a${index} ${previous}\n`
  }).join('')

  it.each<[string, string | Uint8Array, string]>([
    ['an empty file', '', '1:1 empty-file'],
    ['an empty array of bytes', new Uint8Array(), '1:1 empty-file'],
    ['only blank lines', '\n \n\n', '1:1 empty-file'],
    ['only a byte order mark', '\uFEFF', '1:1 empty-file'],
    ['an explicit null', '~\n', '1:1 bad-value'],
    ['latin-1 bytes', bytes('partner: acme\ndescription: H', [0xf4], 'tel\n', tail), '2:15 bad-encoding'],
    ['a cut UTF-8 character', bytes('partner: acme\ndescription: caf', [0xc3]), '2:17 bad-encoding'],
    ['UTF-16', bytes([0xff, 0xfe], [0x70, 0, 0x61, 0]), '1:1 bad-encoding'],
    ['a NUL', `partner: ac\u0000me\n${tail}`, '1:12 control-character'],
    ['an escape character', `partner: acme\ndescription: \u001b[31mred\n${tail}`, '2:14 control-character'],
    ['more than a megabyte', `partner: acme\ndescription: ${'x'.repeat(1024 * 1024)}\n${tail}`, '1:1 too-large'],
    ['100,000 opening brackets', `partner: ${'['.repeat(100_000)}`, '1:73 too-deep'],
    ['100,000 opening braces', '{'.repeat(100_000), '1:65 too-deep'],
    ['100,000 nested list items', '- '.repeat(100_000), '1:129 too-deep'],
    ['100,000 question marks', '? '.repeat(100_000), '1:129 too-deep'],
    ['a million commas', `partner: [${','.repeat(1_000_000)}`, '1:10 too-large'],
    ['50,000 stray brackets', '\t]\n'.repeat(50_000), '1:2 yaml-syntax'],
    ['50,000 documents', '---\n'.repeat(50_000), '2:1 several-documents'],
    ['aliases that multiply', `${anchors}partner: acme\n${tail}`, '3:12 too-many-aliases'],
  ])('%s', (_title, input, expected) => {
    expect(places(input)[0]).toBe(expected)
  })

  it('accepts 64 levels and refuses 65', () => {
    const opening = 'response: { body: '
    const nested = (depth: number) =>
      `partner: acme\n${tail.replace('/a }', `/a, ${opening}${'['.repeat(depth)}${']'.repeat(depth)} } }`)}`
    // The response is the sixth level.
    expect(places(nested(58))).toEqual(['loads'])
    const column = (nested(59).split('\n')[5] ?? '').indexOf(opening) + opening.length + 59
    expect(places(nested(59))).toEqual([`6:${column} too-deep`])
  })

  it('accepts 100 aliases and refuses 101', () => {
    const aliased = (count: number) => `x-list: [&v 1${', *v'.repeat(count)}]\npartner: acme\n${tail}`
    expect(places(aliased(100))).toEqual(['loads'])
    expect(places(aliased(101))).toEqual([`1:${'x-list: [&v 1'.length + 100 * 4 + 3} too-many-aliases`])
  })

  it('reads 30,000 keys of one mapping in well under the time that comparing each pair would take', () => {
    const keys = Array.from({ length: 30_000 }, (_, index) => `            k${index}: 1\n`).join('')
    const text = `partner: acme\n${tail.replace('- { method: GET, path: /a }', `- method: GET\n        path: /a\n        response:\n          body:\n${keys}`)}`
    const start = performance.now()
    expect(places(text)).toEqual(['loads'])
    expect(performance.now() - start).toBeLessThan(5_000)
  })

  it('survives every prefix and every single missing character of a definition', () => {
    const text = `partner: acme\nx-a: &a { k: "v" }\n${tail}`
    for (let index = 0; index < text.length; index += 1) {
      for (const broken of [text.slice(0, index), text.slice(0, index) + text.slice(index + 1)]) {
        const result = parseDefinition(broken)
        if (!result.ok) expect(result.diagnostics.length).toBeGreaterThan(0)
      }
    }
  })
})

describe('names of the object model are data', () => {
  const text = `partner: acme
datapoints:
  - name: a
    pattern: static
    endpoints:
      - method: GET
        path: /a
        response:
          body:
            __proto__: { polluted: true }
            constructor: { prototype: { polluted: true } }
            merged: { <<: { __proto__: { polluted: true } }, toString: 1 }
`

  it('keeps them in a body as own keys and leaves Object.prototype alone', () => {
    const before = Object.getOwnPropertyNames(Object.prototype)
    const result = parseDefinition(text)
    const [datapoint] = result.ok ? result.parsed.definition.datapoints : []
    const body = datapoint?.pattern === 'static' ? datapoint.endpoints[0]?.response.body : undefined
    expect(JSON.stringify(body)).toBe(
      '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"merged":{"__proto__":{"polluted":true},"toString":1}}',
    )
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before)
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    expect((body as { polluted?: boolean }).polluted).toBeUndefined()
  })
})
