import { describe, expect, test } from 'vitest'
import defaultExport, { storageFromUrl } from '../src/index.ts'
import { parsePostgresUrl } from '../src/postgres-url.ts'
import { missingServer, query, serverUrl, skipTitle, temporarySchema } from './support/postgres-server.ts'

test('what is ours in a URL is kept from pg, the rest is handed on', () => {
  const url = 'postgres://me:secret@db:6432/mock?sslmode=disable&schema=mine&prepare=true&maxConnections=4'
  expect(parsePostgresUrl(url)).toEqual({
    connectionString: 'postgres://me:secret@db:6432/mock?sslmode=disable',
    place: 'postgres://db:6432/mock',
    schema: 'mine',
    prepare: true,
    maxConnections: 4,
  })
})

test.each([
  ['postgresql://me@db/mock', 'postgres://db:5432/mock'],
  ['postgres:///mock?host=/run/postgresql', 'postgres:///run/postgresql:5432/mock'],
  ['postgres:///mock', 'postgres://localhost:5432/mock'],
])('%s is told as %s', (url, place) => {
  expect(parsePostgresUrl(url).place).toBe(place)
})

test.each([
  'redis://me:secret@localhost',
  'postgres://me:secret@:x/',
  'secret',
  'postgres://me:secret@db/mock?prepare=perhaps',
  'postgres://me:secret@db/mock?maxConnections=0',
  'postgres://me:secret@db/mock?schema=a%22b',
])('%s is refused without its password', (url) => {
  const error = thrownBy(() => storageFromUrl(url))
  expect(error).toMatchObject({ code: 'CONFIG_INVALID' })
  expect(String(error)).not.toContain('secret')
})

describe.skipIf(missingServer !== null)(skipTitle('the default export', missingServer), () => {
  test('makes a storage of a URL with a schema', async () => {
    const schema = temporarySchema()
    const url = new URL(serverUrl)
    url.searchParams.set('schema', schema)
    const storage = defaultExport(url.href)
    await storage.init()
    await storage.close()
    expect(await query(`SELECT 1 FROM "${schema}".migrations`)).not.toEqual([])
  })
})

function thrownBy(action: () => unknown): unknown {
  try {
    return action()
  } catch (error) {
    return error
  }
}
