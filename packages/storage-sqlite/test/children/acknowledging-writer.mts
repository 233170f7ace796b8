import { sqliteStorage } from '../../src/sqlite-storage.ts'

// Writes without end from several writers, and prints each key and version once its write has resolved.
const [path = '', prefix = ''] = process.argv.slice(2)
const storage = sqliteStorage({ path })
await storage.init()
await Promise.all(
  Array.from({ length: 8 }, async (_, writer) => {
    for (let count = 0; ; count++) {
      const key = `${prefix}/${writer}/${count}`
      const body = Buffer.alloc(1500, writer)
      const result = await storage.write([
        { type: 'put', key, value: count, body, expect: 'absent' },
        { type: 'put', key: `${key}/twin`, value: count },
      ])
      if (result.ok) process.stdout.write(`${key} ${result.versions.join(' ')}\n`)
    }
  }),
)
