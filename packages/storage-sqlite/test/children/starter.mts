import { sqliteStorage } from '../../src/sqlite-storage.ts'

// Opens, writes one record, prints its version and closes.
const [path = '', key = ''] = process.argv.slice(2)
const storage = sqliteStorage({ path })
await storage.init()
const result = await storage.write([{ type: 'put', key, value: process.pid }])
process.stdout.write(`${result.ok ? result.versions[0] : 'refused'}\n`)
await storage.close()
