import { testStorage } from '@imnot/storage-testkit'
import { afterAll, describe, test } from 'vitest'
import { postgresStorage } from '../src/postgres-storage.ts'
import { dropSchema, freshSchemaName, missingServer, query, serverUrl, skipTitle } from './support/postgres-server.ts'

describe.skipIf(missingServer !== null)(skipTitle('with a server', missingServer), () => {
  const schema = freshSchemaName()
  afterAll(() => dropSchema(schema))

  for (const prepare of [false, true]) {
    testStorage({
      name: prepare ? 'postgres with prepared statements' : 'postgres',
      test,
      create: async () => {
        const open = async () => postgresStorage({ url: serverUrl, schema, prepare })
        return {
          storage: await open(),
          second: open,
          reopen: open,
          destroy: async () => void (await query(`DELETE FROM "${schema}".records; DELETE FROM "${schema}".counters`)),
        }
      },
    })
  }
})
