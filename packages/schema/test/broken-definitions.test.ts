import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { formatDiagnostic, parseDefinition } from '../src/index.ts'

const folder = new URL('./fixtures/broken/', import.meta.url)
const files = readdirSync(folder)

describe('a broken definition is answered with the exact place and a sentence for each fault', () => {
  it('has a corpus of at least 70 files', () => {
    expect(files.length).toBeGreaterThanOrEqual(70)
  })

  it.each(files)('%s', (file) => {
    const text = readFileSync(new URL(file, folder), 'utf8')
    // Each file begins with what is expected: `# expect LINE:COLUMN CODE MESSAGE`.
    const expected = [...text.matchAll(/^# expect (.+)$/gm)].map(([, rest]) => rest)
    expect(expected.length).toBeGreaterThan(0)
    const result = parseDefinition(text, { file })
    const found = result.ok
      ? []
      : result.diagnostics.map(({ line, column, code, message }) => `${line}:${column} ${code} ${message}`)
    expect(found).toEqual(expected)
  })

  it('tells the partner of a broken file where its name could be read', () => {
    const result = parseDefinition('partner: acme\ndatapoints: []\n')
    expect(result).toMatchObject({ ok: false, partner: 'acme' })
  })

  it('names the earlier place of a repeated route', () => {
    const text = readFileSync(new URL('route-twice.yaml', folder), 'utf8')
    const result = parseDefinition(text, { file: 'a.yaml' })
    const related = result.ok ? undefined : result.diagnostics[0]?.related
    expect(related).toEqual([{ file: 'a.yaml', line: 8, column: 15, message: 'The same route is here' }])
  })

  it('carries what was expected, what was found and the nearest name beside the sentence', () => {
    const result = parseDefinition('partner: acme\ndatapoints:\n  - { name: a, pattern: fetsh }\n')
    const diagnostics = result.ok ? [] : result.diagnostics
    expect(diagnostics).toContainEqual({
      ...diagnostics.find(({ code }) => code === 'unknown-pattern'),
      code: 'unknown-pattern',
      expected: 'one of static, oauth, fetch, async, callback, paginated, resource',
      found: '"fetsh"',
      suggestion: 'fetch',
    })
  })

  it('prints a diagnostic as file:line:column and the sentence', () => {
    const result = parseDefinition('[]', { file: 'x/partner.yaml' })
    const printed = result.ok ? [] : result.diagnostics.map(formatDiagnostic)
    expect(printed).toEqual([
      'x/partner.yaml:1:1 A definition must be a mapping that begins with "partner: NAME", found an empty list.',
    ])
  })

  it('reports at most 100 faults', () => {
    const many = Array.from({ length: 300 }, (_, index) => `key${index}: 1\n`).join('')
    const result = parseDefinition(`partner: acme\ndatapoints: []\n${many}`)
    expect(result.ok ? 0 : result.diagnostics.length).toBe(100)
  })
})
