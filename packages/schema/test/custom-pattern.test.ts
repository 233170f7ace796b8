import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import {
  bodyField,
  builtinPatterns,
  datapointSchema,
  definitionJsonSchema,
  endpointFields,
  findPattern,
  formatDiagnostic,
  mapping,
  type PatternSchema,
  parseDefinition,
  responseFields,
  statusField,
} from '../src/index.ts'

const name = 'echo'
const aliases = ['mirror']
const summary = 'Answers with what was sent.'
const response = mapping({ status: statusField.default(201), ...responseFields, ...bodyField }).prefault({})
const endpoint = mapping({ ...endpointFields, response })
const times = z.int({ error: 'a whole number' }).default(1)

const echo: PatternSchema = {
  name,
  aliases,
  summary,
  takesPayload: false,
  datapoint: datapointSchema({ name, aliases, summary, endpoint, fields: { times } }),
  endpoint,
  checkDatapoint: ({ endpoints }) =>
    endpoints.length > 1 ? [{ code: 'one-echo', message: 'One endpoint echoes.', path: ['endpoints', 1] }] : [],
}
const patterns = [...builtinPatterns, echo]
const text = (rest: string, endpoints = '[{ method: GET, path: /e }]') =>
  `partner: acme\ndatapoints:\n  - name: e\n    pattern: mirror\n    endpoints: ${endpoints}\n${rest}`

describe('a pattern of a user’s own', () => {
  it('is known by its name and its alias only where it is given', () => {
    expect(findPattern('mirror', patterns)).toBe(echo)
    expect(findPattern('mirror')).toBeUndefined()
    expect(parseDefinition(text('')).ok).toBe(false)
  })

  it('parses with its own keys and defaults', () => {
    const result = parseDefinition(text(''), { patterns })
    expect(result.ok && result.parsed.definition.datapoints[0]).toMatchObject({
      pattern: 'echo',
      times: 1,
      endpoints: [{ method: ['GET'], response: { status: 201 } }],
    })
  })

  it('reports its own faults at their places', () => {
    const broken = text('    times: often\n    tmies: 2\n')
    const result = parseDefinition(broken, { patterns })
    expect(result.ok ? [] : result.diagnostics.map(formatDiagnostic)).toEqual([
      'partner.yaml:6:12 "times" must be a whole number, found "often".',
      'partner.yaml:7:5 Unknown key "tmies" in a datapoint of pattern echo; did you mean "times"?',
    ])
  })

  it('reports the faults of its own rules', () => {
    const result = parseDefinition(text('', '[{ method: GET, path: /e }, { method: GET, path: /f }]'), { patterns })
    expect(result.ok ? [] : result.diagnostics.map(formatDiagnostic)).toEqual([
      'partner.yaml:5:44 One endpoint echoes.',
    ])
  })

  it('is in the JSON Schema', () => {
    expect(JSON.stringify(definitionJsonSchema(patterns))).toContain('"mirror"')
    expect(JSON.stringify(definitionJsonSchema())).not.toContain('"mirror"')
  })
})

it('gives every pattern a name and aliases of its own', () => {
  const names = builtinPatterns.flatMap(({ name, aliases }) => [name, ...aliases])
  expect(new Set(names).size).toBe(names.length)
})
