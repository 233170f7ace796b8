import { describe, expect, it } from 'vitest'
import { findRouteConflicts, type ParsedDefinition, parseDefinition, routesOf } from '../src/index.ts'

function parse(partner: string, ...routes: [method: string, path: string][]): ParsedDefinition {
  const endpoints = routes.map(([method, path]) => `      - { method: ${method}, path: "${path}" }\n`).join('')
  const text = `partner: ${partner}\ndatapoints:\n  - name: main\n    pattern: static\n    endpoints:\n${endpoints}`
  const result = parseDefinition(text, { file: `${partner}.yaml` })
  if (!result.ok) throw new Error(JSON.stringify(result.diagnostics))
  return result.parsed
}

describe('routesOf', () => {
  it('lists one entry for each method of each endpoint, in file order', () => {
    expect(routesOf(parse('acme', ['[GET, HEAD]', '/a/{id}'], ['POST', '/a']).definition)).toEqual([
      {
        partner: 'acme',
        datapoint: 'main',
        pattern: 'static',
        endpoint: 0,
        method: 'GET',
        path: '/a/{id}',
        parameters: ['id'],
        shape: '/a/{}',
      },
      {
        partner: 'acme',
        datapoint: 'main',
        pattern: 'static',
        endpoint: 0,
        method: 'HEAD',
        path: '/a/{id}',
        parameters: ['id'],
        shape: '/a/{}',
      },
      {
        partner: 'acme',
        datapoint: 'main',
        pattern: 'static',
        endpoint: 1,
        method: 'POST',
        path: '/a',
        parameters: [],
        shape: '/a',
      },
    ])
  })

  it('carries the step of a flow', () => {
    const result = parseDefinition(`partner: acme
datapoints:
  - name: job
    pattern: polling
    endpoints:
      - { step: 1, method: POST, path: /j, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/j/{id}" }
`)
    const routes = result.ok ? routesOf(result.parsed.definition) : []
    expect(routes.map(({ pattern, step }) => [pattern, step])).toEqual([
      ['async', 1],
      ['async', 2],
    ])
  })
})

describe('findRouteConflicts', () => {
  it('puts the fault on the later partner and names the earlier place', () => {
    const first = parse('one', ['GET', '/a'], ['GET', '/orders/{id}'])
    const second = parse('two', ['[POST, GET]', '/orders/{number}/'])
    expect(findRouteConflicts([first, second])).toEqual([
      {
        code: 'duplicate-route',
        file: 'two.yaml',
        line: 6,
        column: 38,
        message:
          'GET /orders/{number}/ of partner two is already a route of partner one (one.yaml:7:30); change the path of one.',
        related: [{ file: 'one.yaml', line: 7, column: 30, message: 'GET /orders/{id} of one/main' }],
      },
    ])
  })

  it.each<[string, [string, string], [string, string]]>([
    ['another method', ['GET', '/a'], ['POST', '/a']],
    ['a parameter beside a literal', ['GET', '/a/{x}'], ['GET', '/a/b']],
    ['another text around a parameter', ['GET', '/{x}:run'], ['GET', '/{x}:stop']],
    ['braces that are text', ['GET', '/\\\\{\\\\}'], ['GET', '/{x}']],
    ['another case', ['GET', '/a'], ['GET', '/A']],
    ['an encoded slash', ['GET', '/a%2Fb'], ['GET', '/a/b']],
  ])('takes %s for another route', (_title, one, other) => {
    expect(findRouteConflicts([parse('one', one), parse('two', other)])).toEqual([])
  })

  it.each<[string, [string, string], [string, string]]>([
    ['an encoded letter', ['GET', '/%61'], ['GET', '/a']],
    ['another case of the method', ['get', '/a'], ['GET', '/a']],
  ])('takes %s for the same route', (_title, one, other) => {
    expect(findRouteConflicts([parse('one', one), parse('two', other)])).toHaveLength(1)
  })
})
