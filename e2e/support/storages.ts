import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isListening } from '@imnot/tooling/servers/is-listening'
import { Redis } from 'ioredis'
import pg from 'pg'

/** A kind of storage that several processes can share, on a real server where it needs one. */
export interface SharedStorage {
  readonly name: string
  /** Reached over a connection, which can be cut. */
  readonly isRemote: boolean
  /** Why it cannot be used here; null where it can. */
  readonly missing: string | null
  /** An empty one, named by its URL; `remove` erases it and everything in it. */
  create(): Promise<{ readonly url: string; remove(): Promise<void> }>
}

/** The storages of this machine. Where `CI` is true a missing one is an error. */
export async function sharedStorages(): Promise<readonly SharedStorage[]> {
  const postgres = process.env.IMNOT_TEST_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const redis = process.env.IMNOT_TEST_REDIS_URL ?? 'redis://127.0.0.1:6379'
  return [
    { name: 'sqlite', isRemote: false, missing: null, create: createSqlite },
    {
      name: 'postgres',
      isRemote: true,
      missing: await missing('Postgres', postgres),
      create: () => createPostgres(postgres),
    },
    { name: 'redis', isRemote: true, missing: await missing('Redis', redis), create: () => createRedis(redis) },
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

async function missing(what: string, server: string): Promise<string | null> {
  const { hostname, port } = new URL(server)
  if (await isListening(hostname, Number(port || (server.startsWith('redis') ? 6379 : 5432)))) return null
  if (process.env.CI === 'true') throw new Error(`There is no ${what} at ${hostname}, and CI needs one.`)
  return `no ${what} at ${hostname}; start one, or name it in IMNOT_TEST_${what.toUpperCase()}_URL`
}
