import { createServer } from 'node:http'
import { Redis } from 'ioredis'
import pg from 'pg'
import { postgresUrl, redisUrl } from '../databases.ts'
import { payload } from '../definitions.ts'
import { listen } from './listen.ts'

/** What imnot keeps of a job, kept by the bare driver: the same statements without what imnot does around them. */
interface BareStore {
  insert(id: string, value: string): Promise<unknown>
  read(): Promise<Uint8Array>
}

/** `node:http` over one table: an insert for a POST, a look-up for a GET. */
export async function barePostgres(): Promise<void> {
  const pool = new pg.Pool({ connectionString: postgresUrl })
  const table = `benchmark_${process.pid}`
  await pool.query(`CREATE TABLE ${table} (id text PRIMARY KEY, value text NOT NULL, body bytea)`)
  await pool.query(`INSERT INTO ${table} VALUES ('payload', '', $1)`, [Buffer.from(payload)])
  serveStore(
    {
      insert: (id, value) => pool.query(`INSERT INTO ${table} (id, value) VALUES ($1, $2)`, [id, value]),
      read: async () => (await pool.query(`SELECT body FROM ${table} WHERE id = $1`, ['payload'])).rows[0].body,
    },
    () => pool.query(`DROP TABLE ${table}`),
  )
}

/** `node:http` over one hash for each record. */
export async function bareRedis(): Promise<void> {
  const client = new Redis(redisUrl)
  const prefix = `benchmark-${process.pid}`
  await client.hset(`${prefix}:payload`, 'body', payload)
  serveStore(
    {
      insert: (id, value) => client.hset(`${prefix}:${id}`, 'value', value),
      read: async () => (await client.hgetBuffer(`${prefix}:payload`, 'body')) ?? new Uint8Array(0),
    },
    async () => {
      for await (const keys of client.scanStream({ match: `${prefix}:*`, count: 1000 })) {
        if (keys.length > 0) await client.unlink(...(keys as string[]))
      }
    },
  )
}

function serveStore(store: BareStore, remove: () => Promise<unknown>): void {
  listen(
    createServer(async (request, response) => {
      if (request.method === 'POST') {
        const id = crypto.randomUUID()
        await store.insert(id, JSON.stringify({ id, createdAt: Date.now(), done: [1] }))
        response.writeHead(202, ['location', `/external/jobs/${id}`, 'content-length', '0'])
        response.end()
        return
      }
      const body = await store.read()
      response.writeHead(200, ['content-type', 'application/json', 'content-length', String(body.byteLength)])
      response.end(body)
    }),
    remove,
  )
}
