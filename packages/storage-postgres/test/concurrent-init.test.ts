import { expect, test } from 'vitest'
import { postgresStorage } from '../src/postgres-storage.ts'
import { missingServer, serverUrl, skipTitle, temporarySchema } from './support/postgres-server.ts'

test.skipIf(missingServer !== null)(
  skipTitle('many storages that make the same new schema at once all find it made', missingServer),
  async () => {
    for (let round = 0; round < 5; round++) {
      const schema = temporarySchema()
      const storages = Array.from({ length: 8 }, () => postgresStorage({ url: serverUrl, schema }))
      const started = await Promise.allSettled(storages.map((storage) => storage.init()))
      await Promise.all(storages.map((storage) => storage.close()))
      expect(started.filter(({ status }) => status === 'rejected')).toEqual([])
    }
  },
)
