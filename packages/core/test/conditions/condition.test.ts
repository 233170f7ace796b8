import { expect, test } from 'vitest'
import { compileCondition } from '../../src/conditions/condition.ts'
import { withLibraries } from '../../src/libraries.ts'
import type { ScopeSources } from '../../src/rendering/scope.ts'
import { jsonRequest, type RequestOptions, scopeOf } from '../support/scope-of.ts'

const holds = async (when: unknown, request: RequestOptions = {}, sources: ScopeSources = {}) => {
  const condition = await withLibraries(() => compileCondition(when))
  return condition(scopeOf(request, sources))
}

const order = jsonRequest({
  guest: { email: 'ada@example.org', name: null },
  'dotted.name': 1,
  items: [
    { sku: 'a', n: 1 },
    { sku: 'b', n: 5 },
  ],
  total: 12.5,
  tags: ['new', 'vip'],
  status: 'OPEN',
  arrival: '2026-03-05',
})

test.each<[string, unknown, boolean]>([
  ['a plain value is to be equal', { body: { status: 'OPEN' } }, true],
  ['equals of text and number', { body: { total: '12.5' } }, true],
  ['equals of another value', { body: { status: 'HELD' } }, false],
  ['equals of a list', { body: { tags: { equals: ['new', 'vip'] } } }, true],
  ['in', { body: { status: { in: ['HELD', 'OPEN'] } } }, true],
  ['in without it', { body: { status: { in: ['HELD'] } } }, false],
  ['contains in text', { body: { status: { contains: 'PE' } } }, true],
  ['contains in a list', { body: { tags: { contains: 'vip' } } }, true],
  ['contains not', { body: { tags: { contains: 'vi' } } }, false],
  ['matches', { body: { 'guest.email': { matches: '^[a-z]+@' } } }, true],
  ['matches not', { body: { 'guest.email': { matches: '^[0-9]+@' } } }, false],
  ['exists', { body: { 'guest.email': { exists: true } } }, true],
  ['null does not exist', { body: { 'guest.name': { exists: true } } }, false],
  ['exists: false', { body: { 'guest.phone': { exists: false } } }, true],
  ['gt', { body: { total: { gt: 12 } } }, true],
  ['gt of the same', { body: { total: { gt: 12.5 } } }, false],
  ['gte and lte together', { body: { total: { gte: 12.5, lte: 13 } } }, true],
  ['lt of text that is a number', { body: { total: { lt: '100' } } }, true],
  ['lt of dates', { body: { arrival: { lt: '2026-03-05T00:00:01Z' } } }, true],
  ['an absent value is in no order', { body: { nothing: { lt: 5 } } }, false],
  ['members within members', { body: { guest: { email: { contains: '@' } } } }, true],
  ['a name with a dot in it', { body: { 'dotted.name': 1 } }, true],
  ['JSONPath', { body: { '$.guest.email': { exists: true } } }, true],
  ['JSONPath that selects several', { body: { '$.items[*].n': { gt: 4 } } }, true],
  ['JSONPath with a filter', { body: { '$.items[?@.sku == "b"].n': 5 } }, true],
  ['JSONPath that selects nothing', { body: { '$.items[?@.sku == "z"]': { exists: true } } }, false],
  ['all named things must hold', { body: { status: 'OPEN', total: 1 } }, false],
  ['any', { any: [{ body: { status: 'HELD' } }, { body: { total: 12.5 } }] }, true],
  ['all', { all: [{ body: { status: 'OPEN' } }, { body: { total: 1 } }] }, false],
  ['not', { not: { body: { status: 'HELD' } } }, true],
  ['a template that is not empty', '{{ request.body.guest.email }}', true],
  ['a template that finds nothing', '{{ request.body.guest.phone }}', false],
  ['a template that finds an empty list', '{{ request.body.items | where: "sku", "z" }}', false],
  ['an operand that is a template', { body: { status: '{{ request.body.status }}' } }, true],
  ['method', { method: 'POST' }, true],
  ['text', { text: { contains: '"total":12.5' } }, true],
])('%s', async (_name, when, expected) => {
  expect(await holds(when, order)).toBe(expected)
})

test('headers in any case, query and parameters are read by their names', async () => {
  const request = {
    path: '/x?status=OPEN&status=HELD&a.b=1',
    params: { id: 'RES-1' },
    headers: { SOAPAction: '"GetReservation"' },
  }
  expect(await holds({ headers: { soapaction: { contains: 'GetReservation' } } }, request)).toBe(true)
  expect(await holds({ query: { status: 'HELD', 'a.b': '1' } }, request)).toBe(true)
  expect(await holds({ query: { status: { in: ['X'] } } }, request)).toBe(false)
  expect(await holds({ params: { id: { matches: '^RES-' } } }, request)).toBe(true)
  expect(await holds({ query: { constructor: { exists: true } } }, request)).toBe(false)
})

test('XPath reads XML, where a name without prefix is of any namespace', async () => {
  const xml =
    '<s:Envelope xmlns:s="urn:soap"><s:Body><q:Get xmlns:q="urn:q"><q:HotelCode kind="x">H1</q:HotelCode><n>3</n></q:Get></s:Body></s:Envelope>'
  const request = { headers: { 'content-type': 'application/soap+xml' }, body: xml }
  expect(await holds({ body: { '//HotelCode': 'H1' } }, request)).toBe(true)
  expect(await holds({ body: { '//q:HotelCode/@kind': 'x' } }, request)).toBe(true)
  expect(await holds({ body: { 'count(//n)': 1 } }, request)).toBe(true)
  expect(await holds({ body: { '//n': { gt: 2 } } }, request)).toBe(true)
  expect(await holds({ body: { '//Nothing': { exists: true } } }, request)).toBe(false)
  const evil = { ...request, body: `<!DOCTYPE a [<!ENTITY e "H1">]><HotelCode>&e;</HotelCode>` }
  expect(await holds({ body: { '//HotelCode': { exists: true } } }, evil)).toBe(false)
})

test('the roots beside the request are flow, record, token, session and loop variables', async () => {
  expect(
    await holds({ flow: { polls: { gte: 3 }, size: 'XXL' } }, {}, { flow: () => ({ polls: 3, size: 'XXL' }) }),
  ).toBe(true)
  expect(await holds({ token: { sub: 'a' } }, {}, { token: () => ({ sub: 'b' }) })).toBe(false)
  expect(await holds({ record: { id: { exists: true } } })).toBe(false)
})

test('a pattern takes linear time', async () => {
  const request = jsonRequest({ x: `${'a'.repeat(50_000)}!` })
  expect(await holds({ body: { x: { matches: '^(a+)+$' } } }, request)).toBe(false)
})

test('a condition tells what it reads, so that routes and bodies are read only where they must be', async () => {
  const of = async (when: unknown) => {
    const { isOfRoute, readsBody } = await withLibraries(() => compileCondition(when))
    return { isOfRoute, readsBody }
  }
  expect(await of({ query: { a: 1 }, headers: { b: '{{ request.params.c }}' } })).toEqual({
    isOfRoute: true,
    readsBody: false,
  })
  expect(await of({ not: { any: [{ body: { a: 1 } }] } })).toEqual({ isOfRoute: false, readsBody: true })
  expect(await of('{{ request.body.a }}')).toEqual({ isOfRoute: false, readsBody: true })
  expect(await of({ flow: { polls: 1 } })).toEqual({ isOfRoute: false, readsBody: false })
})

test('a pattern, a JSONPath and an XPath that are none are refused when they are compiled', async () => {
  for (const when of [{ body: { a: { matches: '(' } } }, { body: { '$.[': 1 } }, { body: { '//[': 1 } }]) {
    await expect(withLibraries(() => compileCondition(when))).rejects.toThrow()
  }
})
