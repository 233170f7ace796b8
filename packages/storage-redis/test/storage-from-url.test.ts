import { expect, onTestFinished, test } from 'vitest'
import defaultExport, { storageFromUrl } from '../src/index.ts'
import { parseRedisUrl } from '../src/redis-url.ts'
import { ownPrefix, test as serverTest, sharedUrl } from './support/redis-server.ts'

test('a URL names the server, the user, the database and the prefix', () => {
  expect(parseRedisUrl('redis://us%40er:pa%2Fss@example.test:6380/3?prefix=a%20b')).toEqual({
    address: {
      place: 'redis://example.test:6380/3',
      host: 'example.test',
      port: 6380,
      db: 3,
      username: 'us@er',
      password: 'pa/ss',
    },
    prefix: 'a b',
  })
  expect(parseRedisUrl('redis://localhost')).toEqual({
    address: { place: 'redis://localhost:6379', host: 'localhost', port: 6379, db: 0 },
  })
})

test('rediss:// is TLS, and an IPv6 address loses its brackets', () => {
  expect(parseRedisUrl('rediss://:secret@[::1]/').address).toEqual({
    place: 'rediss://[::1]:6379',
    host: '::1',
    port: 6379,
    db: 0,
    password: 'secret',
    tls: {},
  })
})

test.each([
  'redis:',
  'http://localhost',
  'postgres://user:hunter2@localhost',
  'redis://user:hunter2@localhost/notes',
  'redis://user:hunter2@localhost?prefx=a',
  'redis://localhost?prefix=',
  'redis://localhost?prefix=%7Ba%7D',
  'localhost:6379',
])('%j is refused without repeating a password', (url) => {
  expect(() => storageFromUrl(url)).toThrowError(
    expect.objectContaining({ code: 'CONFIG_INVALID', message: expect.not.stringContaining('hunter2') }),
  )
})

const prefixes = [ownPrefix(), ownPrefix()]

serverTest('the prefix of a URL keeps storages apart', async () => {
  const [one, other] = prefixes.map((prefix) => {
    const url = new URL(sharedUrl ?? '')
    url.searchParams.set('prefix', prefix)
    const storage = defaultExport(url.href)
    onTestFinished(() => storage.close())
    return storage
  })
  await one?.init()
  await other?.init()
  await one?.write([{ type: 'put', key: 'key', value: 1 }])
  expect(await other?.get(['key'])).toEqual([null])
  expect((await one?.get(['key']))?.[0]?.value).toBe(1)
})
