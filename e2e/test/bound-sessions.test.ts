import { Buffer } from 'node:buffer'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { nodesInProcess } from '../support/nodes-in-process.ts'
import { sharedStorages } from '../support/storages.ts'

const partner = `partner: hotels
datapoints:
  - name: token
    pattern: oauth
    endpoints: [{ method: POST, path: /oauth/token, response: { token_type: Bearer, expires_in: 3600 } }]
  - name: exports
    pattern: async
    defaults: { auth: token }
    endpoints:
      - { step: 1, method: POST, path: /exports, response: { status: 202, generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/exports/{id}", response: { body: { state: DONE } }, callbacks: [{ url: "{{ request.query.hook }}", body: { done: "{id}" } }] }
      - { step: 3, method: GET, path: "/exports/{id}/file", response: { returns_payload: true } }
`

const flows = 15

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`two testers with a client id each, over two nodes on one ${title}`, () => {
    test('drive one client that knows nothing of sessions, at the same time, and never meet', {
      timeout: 60_000,
    }, async () => {
      const nodes = await nodesInProcess(storage, 2, [partner])
      const [first] = nodes
      if (first === undefined) throw new Error('There is no node.')
      const urls = nodes.map(({ url }) => url)
      const hooks = await receiver()
      const testers = await Promise.all(
        ['acme-7', 'acme-8'].map(async (clientId) => {
          const session = await first.imnot.sessions.create({ label: clientId, bind: { clientId } })
          await session.payloads.set('hotels', 'exports', `"for ${clientId}"`)
          return { clientId, session }
        }),
      )
      const runs = await Promise.all(
        testers.map(({ clientId }) => runClient({ urls, clientId, hook: `${hooks.url}/${clientId}` })),
      )
      for (const [index, { clientId, session }] of testers.entries()) {
        const { ids, files } = runs[index] ?? { ids: [], files: [] }
        expect(files).toEqual(Array(flows).fill(`"for ${clientId}"`))
        expect((await session.flows.list()).map(({ id }) => id).sort()).toEqual([...ids].sort())
        // A callback of each flow, to this tester alone.
        const isCalled = () => hooks.calls.get(`/${clientId}`) ?? []
        await expect.poll(() => isCalled().length, { timeout: 10_000 }).toBe(flows)
        expect([...isCalled()].sort()).toEqual(ids.map((id) => JSON.stringify({ done: id })).sort())
        const statuses = async () => (await session.deliveries.list()).map(({ status }) => status)
        await expect.poll(statuses, { timeout: 10_000 }).toEqual(Array(flows).fill('delivered'))
      }
      // What nodes have answered is in the journal a moment later: four requests for each flow, none in no session.
      const journal = () => first.imnot.requests.list({ limit: 1000 })
      await expect.poll(async () => (await journal()).length, { timeout: 10_000 }).toBe(2 * flows * 4)
      const rules = new Map<string, number>()
      for (const { session_id, session_by } of await journal()) {
        const label = testers.find(({ session }) => session.id === session_id)?.clientId
        rules.set(`${label} by ${session_by}`, (rules.get(`${label} by ${session_by}`) ?? 0) + 1)
      }
      expect(Object.fromEntries(rules)).toEqual({
        'acme-7 by client_id': flows,
        'acme-7 by token': 3 * flows,
        'acme-8 by client_id': flows,
        'acme-8 by token': 3 * flows,
      })
    })
  })
}

interface ClientOptions {
  readonly urls: readonly string[]
  readonly clientId: string
  readonly hook: string
}

/** A middleware as it comes: it has a client id and a secret, and every request may go to another node. */
async function runClient({ urls, clientId, hook }: ClientOptions) {
  let turn = clientId.length
  const next = () => urls[turn++ % urls.length] ?? ''
  const ids: string[] = []
  const files: string[] = []
  for (let flow = 0; flow < flows; flow++) {
    const secret = Buffer.from(`${clientId}:s3cr3t`).toString('base64')
    const grant = {
      headers: { authorization: `Basic ${secret}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    }
    const token = await json<{ access_token: string }>(`${next()}/oauth/token`, { method: 'POST', ...grant })
    const headers = { authorization: `Bearer ${token.access_token}` }
    const { id } = await json<{ id: string }>(`${next()}/exports`, { method: 'POST', headers })
    const { state } = await json<{ state: string }>(`${next()}/exports/${id}?hook=${encodeURIComponent(hook)}`, {
      headers,
    })
    expect(state).toBe('DONE')
    ids.push(id)
    files.push(await (await fetch(`${next()}/exports/${id}/file`, { headers })).text())
  }
  return { ids, files }
}

async function json<T>(url: string, init: RequestInit): Promise<T> {
  const response = await fetch(url, init)
  expect(response.status).toBeLessThan(300)
  return (await response.json()) as T
}

/** Keeps the bodies by the path that they came to. */
async function receiver() {
  const calls = new Map<string, string[]>()
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const path = request.url ?? ''
    calls.set(path, [...(calls.get(path) ?? []), body])
    response.end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return { calls, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}
