import { describe, expect, it } from 'vitest'
import { checkDefinition, type Diagnostic, parseDefinition } from '../src/index.ts'

const ping = { name: 'ping', pattern: 'static', endpoints: [{ method: 'GET', path: '/ping' }] }

function faults(value: unknown): Pick<Diagnostic, 'line' | 'column' | 'message'>[] {
  const result = checkDefinition(value)
  return result.ok ? [] : result.diagnostics.map(({ line, column, message }) => ({ line, column, message }))
}

describe('checkDefinition', () => {
  it('gives the same definition as the same thing in YAML', () => {
    const yaml =
      'partner: acme\ndatapoints:\n  - name: ping\n    pattern: static\n    endpoints: [{ method: GET, path: /ping }]\n'
    const checked = checkDefinition({ partner: 'acme', description: undefined, datapoints: [ping] })
    const parsed = parseDefinition(yaml)
    expect(checked.ok && checked.parsed.definition).toEqual(parsed.ok && parsed.parsed.definition)
  })

  it('names the path, because an object has no lines', () => {
    const endpoints = [{ method: 'GET', path: '/ping', response: { stauts: 200 } }]
    expect(faults({ partner: 'acme', datapoints: [{ ...ping, endpoints }] })).toEqual([
      {
        line: 1,
        column: 1,
        message:
          'datapoints[0].endpoints[0].response.stauts: Unknown key "stauts" in a response of pattern static; did you mean "status"?',
      },
    ])
  })

  it('is not changed by later changes of the object', () => {
    const body = { items: [1] }
    const endpoints = [{ method: 'GET', path: '/ping', response: { body } }]
    const result = checkDefinition({ partner: 'acme', datapoints: [{ ...ping, endpoints }] })
    body.items.push(2)
    const [datapoint] = result.ok ? result.parsed.definition.datapoints : []
    expect(datapoint?.pattern === 'static' && datapoint.endpoints[0]?.response.body).toEqual({ items: [1] })
  })

  it('refuses what JSON cannot hold', () => {
    const body = { when: new Date(0), size: Number.NaN, big: 1n, call: () => 1 }
    const endpoints = [{ method: 'GET', path: '/ping', response: { body } }]
    const messages = faults({ partner: 'acme', datapoints: [{ ...ping, endpoints }] }).map(({ message }) => message)
    expect(messages.map((message) => message.split(': ')[0])).toEqual(
      ['when', 'size', 'big', 'call'].map((key) => `datapoints[0].endpoints[0].response.body.${key}`),
    )
  })

  it('refuses a value that contains itself, also many times', () => {
    const loop: Record<string, unknown> = {}
    loop.one = loop
    loop.two = [loop, loop]
    const endpoints = [{ method: 'GET', path: '/ping', response: { body: loop } }]
    expect(faults({ partner: 'acme', datapoints: [{ ...ping, endpoints }] })[0]?.message).toMatch(/contains itself/)
  })

  it.each([undefined, null, 5, 'partner: acme', [], () => 1, new Map()])('refuses %s', (value) => {
    expect(faults(value).length).toBeGreaterThan(0)
  })
})
