import { expect, test } from 'vitest'
import { rebuildBody } from '../src/http/rebuild-body.ts'

const text = (parsed: unknown, type: string | null) => {
  const bytes = rebuildBody(parsed, type)
  return bytes === null ? null : Buffer.from(bytes).toString('latin1')
}

test.each([
  ['a JSON object', { a: [1, null] }, 'application/json', '{"a":[1,null]}'],
  ['JSON of another name', { a: 1 }, 'application/vnd.acme+json', '{"a":1}'],
  ['a JSON string that a parser read', 'a', 'application/json', '"a"'],
  ['JSON that a text parser left', '{ "a": 1.10 }', 'application/json', '{ "a": 1.10 }'],
  ['text in latin-1', 'é', 'text/plain; charset=ISO-8859-1', '\xe9'],
  ['text in UTF-8', 'é', 'text/plain', '\xc3\xa9'],
  ['a form', { a: '1 2', b: ['x', 'y'] }, 'application/x-www-form-urlencoded', 'a=1+2&b=x&b=y'],
  [
    'a nested form',
    { a: { b: 'c', d: [{ e: 'f' }] } },
    'application/x-www-form-urlencoded; charset=utf-8',
    'a%5Bb%5D=c&a%5Bd%5D%5B0%5D%5Be%5D=f',
  ],
  ['nothing', undefined, 'application/json', null],
  ['XML that became an object', { a: 1 }, 'application/soap+xml', null],
  ['multipart that became an object', { a: 1 }, 'multipart/form-data; boundary=x', null],
])('%s', (_name, parsed, type, expected) => {
  expect(text(parsed, type)).toBe(expected)
})
