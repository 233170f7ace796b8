import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClient, type ImnotApi } from '@imnot/client'
import { sqliteStorage } from '@imnot/storage-sqlite'
import { onTestFinished } from 'vitest'
import { createImnot, type Imnot } from '../../src/create-imnot.ts'
import { serve } from '../../src/http/serve.ts'

/** One imnot, and how its user reaches it. */
export interface World {
  readonly imnot: ImnotApi
  /** The same imnot for somebody with this key. */
  as(key: string | undefined): ImnotApi
}

export const adminKey = 'k'.repeat(32)

export const acme = `partner: acme
datapoints:
  - name: charges
    pattern: fetch
    endpoints:
      - { method: GET, path: /v1/charges, response: { status: 200 } }
      - { method: GET, path: '/v1/charges/{id}' }
  - name: jobs
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /v1/jobs
        response: { status: 202, generates_id: true, id_header: Location, id_header_value: '/v1/jobs/{id}' }
      - step: 2
        method: GET
        path: /v1/jobs/{id}
        response: { status: 200, returns_payload: true }
  - name: push
    pattern: callback
    endpoints:
      - { method: POST, path: /v1/push, response: { status: 202, callback_url_field: url } }
  - name: token
    pattern: oauth
    endpoints:
      - { method: POST, path: /oauth/token, response: { token_type: Bearer, expires_in: 3600 } }
`

/** The same interface on both ends: in this process, and over HTTP with a server's own key. */
export const worlds: readonly { readonly name: string; readonly open: () => Promise<World> }[] = [
  {
    name: 'in process',
    async open() {
      const imnot = await overSqlite()
      onTestFinished(() => imnot.close())
      return { imnot, as: (key) => createClient({ url: imnot.baseUrl, key, fetch: imnot.fetch }) }
    },
  },
  {
    name: 'over HTTP',
    async open() {
      const { url, close } = await serve(await overSqlite(), { port: 0 })
      onTestFinished(() => close({ graceMs: 100 }))
      const as = (key: string | undefined) => createClient({ url, key })
      return { imnot: as(adminKey), as }
    },
  },
]

async function overSqlite(): Promise<Imnot> {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), 'imnot-api-'))
  const storage = sqliteStorage({ path: join(folder, 'imnot.db') })
  // Run last to first: the storage closes after the imnot that uses it.
  onTestFinished(async () => {
    await storage.close()
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  })
  return createImnot({ definitions: [acme], storage, adminKeys: [adminKey] })
}
