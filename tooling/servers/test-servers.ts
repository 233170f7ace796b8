import { isListening } from './is-listening.ts'
import { ownPostgresMissing, startOwnPostgres } from './own-postgres.ts'
import { ownRedisMissing, startOwnRedis } from './own-redis.ts'

/** A server that tests share, each in a schema or under a prefix of its own. */
export interface TestServer {
  readonly url: string
  /** Why it cannot be used here; null where it can. */
  readonly missing: string | null
}

/** How tests come to one kind of server. */
export interface ServerKind {
  readonly name: string
  /** Names a server by its URL. Also how `provideServer` tells the processes of the tests about the one that it started. */
  readonly variable: string
  /** Where one is, if none is named. */
  readonly standardUrl: string
  readonly ownMissing: string | null
  startOwn(): Promise<{ readonly url: string; remove(): Promise<void> }>
}

export const postgresForTests: ServerKind = {
  name: 'Postgres',
  variable: 'IMNOT_TEST_POSTGRES_URL',
  standardUrl: 'postgres://postgres@127.0.0.1:5432/postgres',
  ownMissing: ownPostgresMissing,
  startOwn: () => startOwnPostgres(),
}

export const redisForTests: ServerKind = {
  name: 'Redis',
  variable: 'IMNOT_TEST_REDIS_URL',
  standardUrl: 'redis://127.0.0.1:6379',
  ownMissing: ownRedisMissing,
  startOwn: () => startOwnRedis(),
}

/**
 * The server that is named, else the one on the standard port, which `provideServer` has seen to. Throws where nothing
 * listens at the one that is named, and with CI=true where there is none at all.
 */
export async function findServer({ name, variable, standardUrl }: ServerKind, env = process.env): Promise<TestServer> {
  const named = env[variable]
  const url = named ?? standardUrl
  if (await isThere(url)) return { url, missing: null }
  const { host } = new URL(url)
  if (named !== undefined) throw new Error(`${variable} names ${host}, and nothing listens there.`)
  const missing = `no ${name} at ${host}, ${env[reasonVariable(variable)] ?? 'and none was started'}; name one in ${variable}`
  if (env.CI === 'true') throw new Error(`CI needs a ${name}: ${missing}.`)
  return { url, missing }
}

/** Starts a server where none is named and none is on the standard port; resolves to what ends it. */
export async function provideServer(kind: ServerKind, env = process.env): Promise<() => Promise<void>> {
  const nothing = async () => undefined
  if (env[kind.variable] !== undefined || (await isThere(kind.standardUrl))) return nothing
  try {
    if (kind.ownMissing !== null) throw new Error(kind.ownMissing)
    const server = await kind.startOwn()
    env[kind.variable] = server.url
    return async () => {
      delete env[kind.variable]
      await server.remove()
    }
  } catch (error) {
    env[reasonVariable(kind.variable)] = (error as Error).message
    return nothing
  }
}

function reasonVariable(variable: string): string {
  return `${variable}_MISSING`
}

function isThere(url: string): Promise<boolean> {
  const { hostname, port, protocol } = new URL(url)
  const standardPort = protocol.startsWith('postgres') ? 5432 : 6379
  return isListening(hostname.replace(/^\[|\]$/g, ''), Number(port || standardPort))
}
