import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  builtinPatterns,
  type DatapointDefinition,
  formatDiagnostic,
  languageReference,
  type PartnerDefinition,
  parseDefinition,
} from '../src/index.ts'

const folder = new URL('./fixtures/good/', import.meta.url)
const read = (file: string) => readFileSync(new URL(file, folder), 'utf8')

function load(text: string | Uint8Array): PartnerDefinition {
  const result = parseDefinition(text)
  if (!result.ok) throw new Error(result.diagnostics.map(formatDiagnostic).join('\n'))
  return result.parsed.definition
}

function datapoint<Pattern extends DatapointDefinition['pattern']>(
  definition: PartnerDefinition,
  name: string,
  pattern: Pattern,
): Extract<DatapointDefinition, { pattern: Pattern }> {
  const found = definition.datapoints.find((candidate) => candidate.name === name)
  if (found?.pattern !== pattern) throw new Error(`${name} has the pattern ${found?.pattern}`)
  return found as Extract<DatapointDefinition, { pattern: Pattern }>
}

it('a flow may tell its id in an event', () => {
  const { datapoints } = load(`
partner: ai
datapoints:
  - name: runs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /runs, response: { generates_id: true, body_events: [ { data: { id: "{id}" } } ] } }
      - { step: 2, method: GET, path: "/runs/{id}" }
`)
  expect(datapoints).toHaveLength(1)
})

describe('definitions in the form of the Python imnot', () => {
  const definition = load(read('older-names.yaml'))

  it('load with the canonical names of their patterns', () => {
    expect(definition.datapoints.map(({ name, pattern }) => `${name} ${pattern}`)).toEqual([
      'access_token oauth',
      'crossing async',
      'manifest async',
      'fares static',
      'boarding callback',
      'sailings paginated',
    ])
  })

  it('get their defaults, upper-case methods and text for header values', () => {
    expect(datapoint(definition, 'access_token', 'oauth').endpoints[0]).toEqual({
      method: ['POST'],
      path: '/harbourline/connect/token',
      response: { status: 200, headers: {}, token_type: 'Bearer', expires_in: 3600 },
    })
    expect(datapoint(definition, 'crossing', 'async')).toMatchObject({
      order: 'strict',
      endpoints: [
        { step: 1, optional: false, response: { status: 202, generates_id: true, returns_payload: false } },
        { step: 2, response: { status: 201, headers: { Status: 'COMPLETED', Attempt: '3' }, generates_id: false } },
        { step: 3, response: { returns_payload: true } },
      ],
    })
    expect(datapoint(definition, 'boarding', 'callback').endpoints[0]?.response).toEqual({
      status: 202,
      headers: {},
      callback_url_header: 'X-Callback-Url',
      callback_method: 'POST',
      callback_delay_seconds: 0,
    })
    expect(datapoint(definition, 'sailings', 'paginated').pagination).toEqual({
      style: 'page_number',
      items_field: 'items',
      total_field: 'total',
      has_more_field: 'hasMore',
      page_param: 'p',
      size_param: 'size',
      cursor_ttl_seconds: 3600,
      default_limit: 50,
    })
  })

  it('keep the last of two equal keys inside a body, and dates as text', () => {
    expect(datapoint(definition, 'fares', 'static').endpoints[0]?.response.body).toEqual({
      fares: [{ route: '07', price: 100, currency: 'DKK', day: '2026-06-01' }],
    })
  })
})

describe('aliases, merges and the author’s own keys', () => {
  const { endpoints } = datapoint(load(read('aliases.yaml')), 'merged', 'static')

  it('merges in the order of precedence of YAML 1.1, and drops x- keys but not x- headers', () => {
    expect(endpoints[0]).toEqual({
      method: ['GET', 'HEAD'],
      path: '/relay/one',
      response: {
        status: 202,
        headers: { 'X-Source': 'relay', 'X-Both': 'answer' },
        content_type: 'application/json',
      },
    })
    expect(endpoints[1]).toEqual({ ...endpoints[0], path: '/relay/two' })
    expect(endpoints[2]?.response.status).toBe(201)
    expect(endpoints[3]?.response).toEqual({
      status: 200,
      headers: { 'Set-Cookie': ['a=1', 'b=2'], 'X-Count': '3', 'X-Flag': 'true', 'x-request-id': 'kept' },
      content_type: 'text/plain; charset=utf-8',
      body: 'plain {{ now }}',
    })
  })

  it('locates a value where it is written, also through an alias or a merge', () => {
    const result = parseDefinition(read('aliases.yaml'))
    if (!result.ok) throw new Error('does not load')
    const { locate } = result.parsed
    expect(locate(['partner'])).toEqual({ line: 3, column: 10 })
    expect(locate(['datapoints', 0, 'endpoints', 0, 'response', 'content_type'])).toEqual({ line: 8, column: 27 })
    expect(locate(['datapoints', 0, 'endpoints', 2, 'response', 'status'])).toEqual({ line: 6, column: 13 })
    expect(locate(['datapoints', 0, 'endpoints', 1, 'method'])).toEqual({ line: 15, column: 17 })
    expect(locate(['datapoints', 0, 'endpoints', 9])).toEqual({ line: 14, column: 7 })
  })
})

describe('flows, callbacks and pages', () => {
  const definition = load(read('flows.yaml'))

  it('take every way to name a flow', () => {
    const { order, endpoints } = datapoint(definition, 'job', 'async')
    expect(order).toBe('any')
    expect(endpoints.map(({ id_from }) => id_from)).toEqual([
      undefined,
      undefined,
      'headers.X-Job',
      'body.job.id',
      'params.number',
      'query.id',
    ])
    expect(endpoints.map(({ response }) => response.status)).toEqual([202, 202, 200, 200, 200, 200])
  })

  it('keep their settings', () => {
    expect(datapoint(definition, 'notify', 'callback').endpoints[0]?.response).toMatchObject({
      callback_method: 'PUT',
      callback_delay_seconds: 0.5,
    })
    expect(datapoint(definition, 'pages', 'paginated').pagination).toMatchObject({
      cursor_ttl_seconds: 0,
      default_limit: 7,
    })
  })
})

describe('the bytes of a file', () => {
  const plain = read('older-names.yaml')

  it.each<[string, string | Uint8Array]>([
    ['bytes', Buffer.from(plain)],
    ['CRLF line ends', plain.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${plain}`],
    ['a byte order mark in bytes', Buffer.from(`\uFEFF${plain}`)],
    ['a leading document mark', `---\n${plain}`],
    ['no line end at the end', plain.trimEnd()],
  ])('with %s it is the same definition', (_title, text) => {
    expect(load(text)).toEqual(load(plain))
  })

  it('keep their places with CRLF and a byte order mark', () => {
    const result = parseDefinition(`\uFEFFpartner: acme\r\nnope: 1\r\ndatapoints: []\r\n`)
    expect(result.ok ? [] : result.diagnostics.map(({ line, column }) => [line, column])).toEqual([
      [2, 1],
      [3, 13],
    ])
  })
})

describe('the language reference', () => {
  const blocks = [...languageReference.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, block]) => block ?? '')

  it('has an example for every pattern, and every example loads', () => {
    const patterns = blocks.flatMap((block) => load(block).datapoints.map(({ pattern }) => pattern))
    expect(new Set(patterns)).toEqual(new Set(builtinPatterns.map(({ name }) => name)))
  })

  it('is checked block by block', () => {
    expect(blocks.length).toBeGreaterThanOrEqual(7)
  })
})

it('has only fixtures that a test reads', () => {
  expect(readdirSync(folder).sort()).toEqual(['aliases.yaml', 'flows.yaml', 'older-names.yaml'])
})
