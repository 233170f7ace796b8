import { describe, expect, onTestFinished, test } from 'vitest'
import { migrations } from '../src/migrations/all.ts'
import { postgresStorage } from '../src/postgres-storage.ts'
import { openStorage } from './support/open-storage.ts'
import { missingServer, query, serverUrl, skipTitle, temporarySchema } from './support/postgres-server.ts'

const put = (key: string) => ({ type: 'put', key, value: null }) as const

test('the migrations count from 1 without gaps', () => {
  expect(migrations.map(({ number }) => number)).toEqual(migrations.map((_, index) => index + 1))
})

test.each(['', 'a"b', 'a$imnot$b', "a'b", 'x'.repeat(64)])('the schema %j is refused', (schema) => {
  expect(() => postgresStorage({ url: serverUrl, schema })).toThrowError(
    expect.objectContaining({ code: 'CONFIG_INVALID' }),
  )
})

describe.skipIf(missingServer !== null)(skipTitle('the schema', missingServer), () => {
  test('is made once when many processes start at once, and its ledger says by what', async () => {
    const schema = temporarySchema()
    const storages = Array.from({ length: 8 }, () => postgresStorage({ url: serverUrl, schema, maxConnections: 1 }))
    onTestFinished(async () => {
      await Promise.all(storages.map((storage) => storage.close()))
    })
    await Promise.all(storages.map((storage) => storage.init()))
    await Promise.all(storages.map((storage, index) => storage.write([put(`from/${index}`)])))
    expect(await storages[0]?.list('from/')).toHaveLength(8)
    const ledger = await query(`SELECT number, name, applied_by FROM "${schema}".migrations ORDER BY number`)
    expect(ledger).toEqual(migrations.map(({ number, name }) => ({ number, name, applied_by: expect.any(String) })))
  })

  test('of a later version is refused, and the version that made it is named', async () => {
    const schema = temporarySchema()
    await openStorage({ url: serverUrl, schema })
    await query(`INSERT INTO "${schema}".migrations (number, name, applied_by) VALUES (99, 'later', '7.8.9')`)
    await expect(openStorage({ url: serverUrl, schema })).rejects.toMatchObject({
      code: 'STORAGE_SCHEMA_NEWER',
      message: expect.stringContaining('7.8.9'),
    })
  })

  test('may have any case and a dash, and keeps apart what another one holds', async () => {
    const [mine, other] = [`${temporarySchema()}-Mine`, temporarySchema()]
    onTestFinished(async () => void (await query(`DROP SCHEMA "${mine}" CASCADE`)))
    const storages = [
      await openStorage({ url: serverUrl, schema: mine }),
      await openStorage({ url: serverUrl, schema: other }),
    ]
    await storages[0]?.write([put('key')])
    expect(await storages[1]?.get(['key'])).toEqual([null])
  })

  test('that is up to date needs a user who can only use it', async () => {
    const schema = temporarySchema()
    const user = schema.replaceAll('-', '_')
    await openStorage({ url: serverUrl, schema })
    await query(`
      CREATE ROLE ${user} LOGIN; GRANT USAGE ON SCHEMA "${schema}" TO ${user};
      GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA "${schema}" TO ${user};
      GRANT USAGE ON ALL SEQUENCES IN SCHEMA "${schema}" TO ${user}
    `)
    onTestFinished(async () => void (await query(`DROP OWNED BY ${user}; DROP ROLE ${user}`)))
    const url = new URL(serverUrl)
    url.username = user
    const storage = await openStorage({ url: url.href, schema })
    expect(await storage.write([put('key')])).toMatchObject({ ok: true })
    expect(await storage.increment('counter')).toBe(1)
    await expect(openStorage({ url: url.href, schema: 'imnot-not-allowed' })).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('grant CREATE'),
    })
  })

  test('is not touched before init', async () => {
    const storage = postgresStorage({ url: serverUrl, schema: temporarySchema() })
    await expect(storage.get(['key'])).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.stringContaining('init()'),
    })
  })
})

describe.skipIf(missingServer !== null)(skipTitle('the settings of the server', missingServer), () => {
  async function warningsWith(options: string): Promise<string[]> {
    const warnings: string[] = []
    const url = new URL(serverUrl)
    url.searchParams.set('options', options)
    await openStorage({ url: url.href, schema: temporarySchema(), onWarning: (message) => warnings.push(message) })
    return warnings
  }

  test('are told where they can lose what was acknowledged', async () => {
    expect(await warningsWith('-c synchronous_commit=off')).toEqual([
      expect.stringContaining('synchronous_commit = off'),
    ])
  })

  test('are not mentioned otherwise', async () => {
    expect(await warningsWith('-c synchronous_commit=on')).toEqual([])
  })
})
