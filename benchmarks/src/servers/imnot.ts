import { createServer } from 'node:http'
import { join } from 'node:path'
import { createEngine, memoryStorage, type Storage } from '@imnot/core'
import { toNodeHandler } from '@imnot/node'
import { parseDefinition } from '@imnot/schema'
import { postgresStorage } from '@imnot/storage-postgres'
import { redisStorage } from '@imnot/storage-redis'
import { sqliteStorage } from '@imnot/storage-sqlite'
import { Redis } from 'ioredis'
import pg from 'pg'
import { postgresUrl, redisUrl } from '../databases.ts'
import { crowd, measured, payload } from '../definitions.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { listen } from './listen.ts'

/** imnot as it is served, on SQLite, with the measured partner and so many further routes. */
export async function imnot(furtherRoutes = 0): Promise<void> {
  await serveOn(sqliteStorage({ path: join(temporaryFolder(), 'imnot.db') }), async () => {}, furtherRoutes)
}

/** The same as it is served where the journal is off. */
export async function imnotWithoutJournal(): Promise<void> {
  await serveOn(sqliteStorage({ path: join(temporaryFolder(), 'imnot.db') }), async () => {}, 0, false)
}

export async function imnotOnMemory(): Promise<void> {
  await serveOn(memoryStorage(), async () => {})
}

/** In a schema of its own, which is dropped afterwards. */
export async function imnotOnPostgres(): Promise<void> {
  const schema = `benchmark_imnot_${process.pid}`
  await serveOn(postgresStorage({ url: postgresUrl, schema }), async () => {
    const client = new pg.Client(postgresUrl)
    await client.connect()
    await client.query(`DROP SCHEMA ${schema} CASCADE`)
    await client.end()
  })
}

/** Under a prefix of its own, which is removed afterwards. */
export async function imnotOnRedis(): Promise<void> {
  const prefix = `benchmark-imnot-${process.pid}`
  await serveOn(redisStorage({ url: redisUrl, prefix }), async () => {
    const client = new Redis(redisUrl)
    for await (const keys of client.scanStream({ match: `{${prefix}}:*`, count: 1000 })) {
      if (keys.length > 0) await client.unlink(...(keys as string[]))
    }
  })
}

async function serveOn(
  storage: Storage,
  remove: () => Promise<void>,
  furtherRoutes = 0,
  hasJournal = true,
): Promise<void> {
  const engine = await startEngine(storage, furtherRoutes, hasJournal)
  listen(createServer(toNodeHandler(engine)), async () => {
    await engine.close()
    await storage.close()
    await remove()
  })
}

export async function startEngine(storage: Storage, furtherRoutes = 0, hasJournal = true) {
  const definitions = async () => ({ parsed: [measured, ...crowd(furtherRoutes)].map(parsed), failed: [] })
  const engine = createEngine({ storage, definitions, ...(hasJournal ? {} : { journal: false as const }) })
  await engine.start()
  await engine.admin({
    method: 'POST',
    url: '/imnot/admin/acme/bill/payload',
    headers: new Headers({ 'content-type': 'application/json' }),
    body: (async function* () {
      yield Buffer.from(payload)
    })(),
  })
  return engine
}

export function parsed(text: string, index: number) {
  const result = parseDefinition(text, { file: `partner-${index}.yaml` })
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
  return result.parsed
}
