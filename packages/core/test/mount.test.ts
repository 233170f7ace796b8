import { describe, expect, test } from 'vitest'
import { urlBelow } from '../src/index.ts'
import { mountPathOf } from '../src/routing/mount-path.ts'

describe('a URL below a path', () => {
  test.each([
    ['/mock/bill?a=/mock', '/mock', '/bill?a=/mock'],
    ['/mock', '/mock', '/'],
    ['/mock?a', '/mock', '/?a'],
    ['/mock//imnot', '/mock', '//imnot'],
    ['http://host/mock/bill', '/mock', '/bill'],
    ['/bill', '', '/bill'],
    ['/mocked/bill', '/mock', null],
    ['/MOCK/bill', '/mock', null],
    ['/x/mock/bill', '/mock', null],
    ['http://mock/bill', '/mock', null],
  ])('%s below "%s" is %s', (url, path, below) => {
    expect(urlBelow(url, path)).toBe(below)
  })
})

test.each([
  [undefined, ''],
  ['', ''],
  ['/', ''],
  ['/a/b', '/a/b'],
  ['a/', '/a'],
  ['//elsewhere.example', '/elsewhere.example'],
])('the mount path %s stands before locations as "%s", which never leads to another host', (mountPath, expected) => {
  expect(mountPathOf({ method: 'GET', url: '/', headers: new Headers(), body: null, mountPath })).toBe(expected)
})
