import { createHash, createHmac } from 'node:crypto'
import { liquidFilterNames, ownFilterNames } from '@imnot/schema'
import { filters as liquidFilters } from 'liquidjs'
import { expect, test } from 'vitest'
import { withLibraries } from '../../src/libraries.ts'
import { ownFilters } from '../../src/rendering/filters/registry.ts'
import { compileTemplate } from '../../src/rendering/template.ts'
import { jsonRequest, scopeOf } from '../support/scope-of.ts'

const data = {
  price: '12.50',
  id: 'RES-004711',
  text: '{"b":1,"a":[1,2]}',
  when: '2026-01-31T23:30:00Z',
  items: [
    { sku: 'a', status: 'OPEN', at: { n: 1 } },
    { sku: 'b', status: 'HELD', at: { n: 2 } },
    { sku: 'c', status: 'OPEN', at: { n: 1 } },
  ],
  flat: { 'guest.name': 'Ada', 'guest.age': 36, city: 'Bern' },
  map: { z: { y: 1, x: 2 }, a: 3 },
  name: 'Müller & Söhne <"x">',
}

async function render(expression: string) {
  const template = await withLibraries(() => compileTemplate(`{{ ${expression} }}`))
  return template(scopeOf(jsonRequest(data)))
}

const hash = (algorithm: string, encoding: 'hex' | 'base64' = 'hex') =>
  createHash(algorithm).update('abc').digest(encoding)

test.each<[string, unknown]>([
  ['request.body.price | number', 12.5],
  ['"x1" | number', undefined],
  ['"" | number', undefined],
  ['now | unix', 1_772_368_245],
  ['now | unix: "ms"', 1_772_368_245_250],
  ['"now" | unix', 1_772_368_245],
  ['"soon" | unix', undefined],
  ['request.body.id | match: "^RES-0*([0-9]+)$"', '4711'],
  ['request.body.id | match: "[0-9]+"', '004711'],
  ['request.body.id | match: "(R)(E)", 2', 'E'],
  ['request.body.id | match: "^X"', undefined],
  ['request.body.id | match: "("', undefined],
  ['request.body.map | sort_keys | json', '{"a":3,"z":{"x":2,"y":1}}'],
  [
    'request.body.map | pairs',
    [
      { key: 'z', value: { y: 1, x: 2 } },
      { key: 'a', value: 3 },
    ],
  ],
  ['request.body.text | parse_json', { b: 1, a: [1, 2] }],
  ['"{" | parse_json', undefined],
  ['request.body.map | json', '{"z":{"y":1,"x":2},"a":3}'],
  ['request.body.items | where: "status", "OPEN" | map: "sku"', ['a', 'c']],
  ['request.body.items | where: "at.n", 2 | map: "sku"', ['b']],
  ['request.body.items | map: "sku" | chunk: 2', [['a', 'b'], ['c']]],
  ['request.body.items | chunk: 0', undefined],
  ['request.body.flat | nest | json', '{"guest":{"name":"Ada","age":36},"city":"Bern"}'],
  ['"abc" | md5', hash('md5')],
  ['"abc" | sha1', hash('sha1')],
  ['"abc" | sha256', hash('sha256')],
  ['"abc" | sha256: "base64"', hash('sha256', 'base64')],
  ['"abc" | hmac: "key"', createHmac('sha256', 'key').update('abc').digest('hex')],
  ['"abc" | hmac: "key", "sha1", "base64"', createHmac('sha1', 'key').update('abc').digest('base64')],
  ['"abc" | hmac: "key", "nonsense"', undefined],
  ['"ä?>" | base64', 'w6Q/Pg=='],
  ['"ä?>" | base64: "url"', 'w6Q_Pg'],
  ['"w6Q/Pg==" | base64_decode', 'ä?>'],
  ['"ä" | hex', 'c3a4'],
  ['request.body.name | xml_escape', 'Müller &amp; Söhne &lt;&quot;x&quot;&gt;'],
  ['"a b&c(ü)" | url_encode', 'a%20b%26c%28%C3%BC%29'],
  ['"a b" | url_encode: "form"', 'a+b'],
  ['request.body.when | date: "%Y-%m-%d %H:%M", "Europe/Berlin"', '2026-02-01 00:30'],
  ['request.body.when | date: "%d.%m.%y"', '31.01.26'],
  ['request.body.when | date: "iso", "America/New_York"', '2026-01-31T18:30:00-05:00'],
  ['request.body.when | date: "http"', 'Sat, 31 Jan 2026 23:30:00 GMT'],
  ['1772368245 | date: "%Y"', '2026'],
  ['"now" | date: "%F"', '2026-03-01'],
  ['now | date: "%F", "Nowhere/Nothing"', undefined],
  ['now | add_time: "36h"', '2026-03-03T00:30:45.250Z'],
  ['now | add_time: "-45s"', '2026-03-01T12:30:00.250Z'],
  ['now | add_time: "soon"', undefined],
  ['3 | random: 3', 3],
  ['3 | random: 1', undefined],
  ['request.body.price | plus: 1', 13.5],
  ['request.body.nothing | default: "none"', 'none'],
  ['request.body.items | size', 3],
  ['request | join', expect.stringMatching(/^{"/)],
  ['request.body.price | times: 0.1 | divided_by: 0', undefined],
])('%s', async (expression, expected) => {
  expect(await render(expression)).toEqual(expected)
})

test('a random number stays within its bounds, both of which it reaches', async () => {
  const template = await withLibraries(() => compileTemplate('{{ 1 | random: 3 }}'))
  const seen = new Set(Array.from({ length: 300 }, () => template(scopeOf())))
  expect([...seen].sort()).toEqual([1, 2, 3])
})

test('the schema knows the very filters that there are', () => {
  expect([...ownFilterNames].sort()).toEqual(Object.keys(ownFilters).sort())
  expect([...liquidFilterNames].sort()).toEqual(Object.keys(liquidFilters).sort())
})
