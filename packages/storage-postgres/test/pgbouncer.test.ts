import { testStorage } from '@imnot/storage-testkit'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { postgresStorage } from '../src/postgres-storage.ts'
import { missingPgBouncer, type PgBouncer, startPgBouncer } from './support/pgbouncer.ts'
import { dropSchema, freshSchemaName, missingServer, query, skipTitle } from './support/postgres-server.ts'

const missing = missingServer ?? missingPgBouncer

describe.skipIf(missing !== null)(skipTitle('through PgBouncer', missing), () => {
  const schema = freshSchemaName()
  let bouncer: PgBouncer

  beforeAll(async () => {
    bouncer = await startPgBouncer()
  })

  afterAll(async () => {
    await bouncer.stop()
    await dropSchema(schema)
  })

  testStorage({
    name: 'postgres behind PgBouncer in transaction mode',
    test,
    create: async () => {
      const open = async () => postgresStorage({ url: bouncer.url, schema })
      return {
        storage: await open(),
        second: open,
        reopen: open,
        destroy: async () => void (await query(`DELETE FROM "${schema}".records; DELETE FROM "${schema}".counters`)),
      }
    },
  })
})
