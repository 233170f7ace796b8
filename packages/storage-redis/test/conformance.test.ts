import { randomUUID } from 'node:crypto'
import { testStorage } from '@imnot/storage-testkit'
import { Redis } from 'ioredis'
import { redisStorage } from '../src/redis-storage.ts'
import { removeKeys, sharedUrl, test } from './support/redis-server.ts'

const url = sharedUrl ?? ''

testStorage({
  name: 'redis by its URL',
  test,
  create: async () => {
    const prefix = `test-${randomUUID()}`
    const open = async () => redisStorage({ url, prefix })
    return { storage: await open(), second: open, reopen: open, destroy: () => removeKeys(prefix) }
  },
})

testStorage({
  name: 'redis on an injected client with a key prefix',
  test,
  create: async () => {
    const prefix = `test-${randomUUID()}`
    const client = new Redis(url, { keyPrefix: 'host:', protocol: 2 })
    const open = async () => redisStorage({ client, prefix })
    return {
      storage: await open(),
      second: open,
      reopen: open,
      destroy: async () => {
        await client.quit()
        await removeKeys(prefix)
      },
    }
  },
})
