import { createServer } from 'node:http'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { temporaryFolder } from '../temporary-folder.ts'
import { listen } from './listen.ts'

/** `node:http` with nothing on top: what everything is compared with. */
export function bareAnswer(): void {
  const body = Buffer.from(JSON.stringify({ status: 'ok', items: [1, 2, 3] }))
  const headers = ['content-type', 'application/json', 'content-length', String(body.byteLength)]
  listen(
    createServer((_request, response) => {
      response.writeHead(200, headers)
      response.end(body)
    }),
  )
}

/** `node:http` that keeps each request in SQLite with one insert, as a hand-written mock would. */
export function bareInsert(): void {
  const database = new Database(join(temporaryFolder(), 'bare.db'))
  database.pragma('journal_mode = WAL')
  database.pragma('synchronous = NORMAL')
  database.exec('CREATE TABLE jobs (id TEXT PRIMARY KEY, value TEXT NOT NULL)')
  const insert = database.prepare('INSERT INTO jobs (id, value) VALUES (?, ?)')
  listen(
    createServer((_request, response) => {
      const id = crypto.randomUUID()
      insert.run(id, JSON.stringify({ id, createdAt: Date.now(), done: [1] }))
      response.writeHead(202, ['location', `/external/jobs/${id}`, 'content-length', '0'])
      response.end()
    }),
  )
}
