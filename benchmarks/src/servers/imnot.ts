import { createServer } from 'node:http'
import { join } from 'node:path'
import { createEngine, type Storage } from '@imnot/core'
import { toNodeHandler } from '@imnot/node'
import { parseDefinition } from '@imnot/schema'
import { sqliteStorage } from '@imnot/storage-sqlite'
import { crowd, measured, payload } from '../definitions.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { listen } from './listen.ts'

/** imnot as it is served, on SQLite, with the measured partner and so many further routes. */
export async function imnot(furtherRoutes = 0): Promise<void> {
  const engine = await startEngine(sqliteStorage({ path: join(temporaryFolder(), 'imnot.db') }), furtherRoutes)
  listen(createServer(toNodeHandler(engine)))
}

export async function startEngine(storage: Storage, furtherRoutes = 0) {
  const definitions = async () => ({ parsed: [measured, ...crowd(furtherRoutes)].map(parsed), failed: [] })
  const engine = createEngine({ storage, definitions })
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

function parsed(text: string, index: number) {
  const result = parseDefinition(text, { file: `partner-${index}.yaml` })
  if (!result.ok) throw new Error(result.diagnostics.map(({ message }) => message).join('\n'))
  return result.parsed
}
