import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findServer, postgresForTests, redisForTests } from '@imnot/tooling/servers/test-servers'
import { Redis } from 'ioredis'
import pg from 'pg'
import { type OwnServerKind, ownPostgres, ownRedis } from './own-servers.ts'

/** A kind of storage that several processes can share, on a real server where it needs one. */
export interface SharedStorage {
  readonly name: string
  /** Reached over a connection, which can be cut. */
  readonly isRemote: boolean
  /** Why it cannot be used here; null where it can. */
  readonly missing: string | null
  /** Servers of this kind that may be killed; null where there is no server. */
  readonly ownServer: OwnServerKind | null
  /** An empty one, named by its URL; `remove` erases it and everything in it. */
  create(): Promise<{ readonly url: string; remove(): Promise<void> }>
}

/** The storages of this machine. Where `CI` is true a missing one is an error. */
export async function sharedStorages(): Promise<readonly SharedStorage[]> {
  const [postgres, redis] = await Promise.all([findServer(postgresForTests), findServer(redisForTests)])
  return [
    { name: 'sqlite', isRemote: false, missing: null, ownServer: null, create: createSqlite },
    {
      name: 'postgres',
      isRemote: true,
      missing: postgres.missing,
      ownServer: ownPostgres,
      create: () => createPostgres(postgres.url),
    },
    {
      name: 'redis',
      isRemote: true,
      missing: redis.missing,
      ownServer: ownRedis,
      create: () => createRedis(redis.url),
    },
  ]
}

async function createSqlite() {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-e2e-db-'))
  return { url: `sqlite:${join(folder, 'imnot.db')}`, remove: () => rm(folder, { recursive: true, force: true }) }
}

async function createPostgres(server: string) {
  const schema = `e2e_${randomUUID().replaceAll('-', '')}`
  async function remove(): Promise<void> {
    const client = new pg.Client(server)
    await client.connect()
    await client.query(`DROP SCHEMA IF EXISTS ${schema} CASCADE`)
    await client.end()
  }
  return { url: withParameter(server, 'schema', schema), remove }
}

async function createRedis(server: string) {
  const prefix = `e2e-${randomUUID()}`
  async function remove(): Promise<void> {
    const client = new Redis(server)
    for await (const keys of client.scanStream({ match: `*${prefix}*`, count: 1000 })) {
      if (keys.length > 0) await client.unlink(...(keys as string[]))
    }
    await client.quit()
  }
  return { url: withParameter(server, 'prefix', prefix), remove }
}

function withParameter(server: string, name: string, value: string): string {
  const url = new URL(server)
  url.searchParams.set(name, value)
  return url.href
}
