import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createImnot, serve } from '@imnot/node'
import { sqliteStorage } from '@imnot/storage-sqlite'
import { expect, onTestFinished, test } from 'vitest'
import { playConsole } from './support/console.ts'
import { newProject } from './support/folder.ts'

const docs = new URL('../../../docs/', import.meta.url)

test.each(['sessions.md', 'journal.md', 'conduct-report.md'])(
  'what docs/%s prints is what is printed',
  async (name) => {
    const folder = await newProject()
    const storage = sqliteStorage({ path: join(folder, 'imnot.db') })
    const imnot = await createImnot({ partners: join(folder, 'partners'), storage })
    const { url, close } = await serve(imnot, { port: 0 })
    onTestFinished(async () => {
      await close({ graceMs: 100 })
      await storage.close()
    })
    const turns = await playConsole(readFileSync(new URL(name, docs), 'utf8'), {
      folder,
      url,
      settle: () => imnot.requests.list({ limit: 1 }),
    })
    expect(turns).toBeGreaterThan(2)
  },
)
