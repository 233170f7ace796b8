import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type InProcessNode, nodesInProcess } from '../support/nodes-in-process.ts'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

const shop = `
partner: shop
datapoints:
  - name: orders
    pattern: resource
    path: /orders
    id: "ORD-{seq:4}"
    unique: [reference]
    records: [ { id: ORD-0001, reference: first, count: 0 } ]
  - name: drafts
    pattern: resource
    path: /drafts
  - name: seats
    pattern: resource
    path: /seats
    id: sequence
    records: [ { id: 1, free: true } ]
  - name: book
    pattern: static
    endpoints:
      - method: POST
        path: /book
        responses: [ { when: { not: { records: { seats: { first: { free: true } } } } }, response: { status: 409 } } ]
        effects: [ { update: seats, id: 1, record: { free: false, by: "{{ request.body.by }}" } } ]
        response: { status: 201, body: { by: "{{ records.seats.first.by }}" } }
  - name: jobs
    pattern: resource
    path: /jobs
    state_field: status
    states:
      - { name: queued, polls: 10 }
      - { name: running, for: 1h, effects: [ { create: orders, record: { job: "{{ record.id }}" } } ] }
      - { name: done, set: { ended: "{{ now }}" } }
  - name: payments
    pattern: static
    endpoints:
      - method: POST
        path: /payments
        idempotency_key: headers.Idempotency-Key
        effects: [ { create: orders, record: { paid: "{{ request.body.amount }}" }, as: order } ]
        callbacks: [ { url: "{{ request.headers.x-hook }}", body: { order: "{{ order.id }}" } } ]
        responses: [ { times: 1, when: { body: { amount: 13 } }, response: { status: 503 } } ]
        response: { status: 201, headers: { X-Order: "{{ order.id }}" }, body: { order: "{{ order.id }}", at: "{{ uuid }}" } }
`

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`records of two nodes on one ${title}`, () => {
    test('change by If-Match once for each state, whichever node is asked', async () => {
      const [a, b] = await twoNodes(storage)
      const path = '/orders/ORD-0001'
      let done = 0
      // Optimistic concurrency as clients do it: read, change, send with the tag, again where somebody was faster.
      const worker = async (node: InProcessNode) => {
        for (let step = 0; step < 10; step++) {
          for (;;) {
            const read = await fetch(node.url + path)
            const { count } = (await read.json()) as { count: number }
            const headers = { ...json, 'if-match': read.headers.get('etag') ?? '' }
            const body = JSON.stringify({ count: count + 1 })
            const { status } = await fetch(node.url + path, { method: 'PATCH', headers, body })
            if (status === 200) break
            expect(status).toBe(412)
          }
          done++
        }
      }
      await Promise.all([worker(a), worker(b), worker(a), worker(b)])
      expect(done).toBe(40)
      expect(await (await fetch(b.url + path)).json()).toMatchObject({ count: 40 })
    })

    test('get ids that no two have, and are listed on both in the order in which they were made', async () => {
      const [a, b] = await twoNodes(storage)
      const ids: string[] = []
      for (let n = 0; n < 6; n++) ids.push((await send(n % 2 === 0 ? a : b, 'POST', '/orders', { n })).json.id)
      expect(ids).toEqual(['ORD-0002', 'ORD-0003', 'ORD-0004', 'ORD-0005', 'ORD-0006', 'ORD-0007'])
      const many = await Promise.all(
        Array.from({ length: 40 }, (_, n) => send(n % 2 ? a : b, 'POST', '/orders', { n })),
      )
      expect(new Set(many.map(({ json }) => json.id)).size).toBe(40)
      const listed = (await send(b, 'GET', '/orders')).json.map(({ id }: { id: string }) => id)
      expect(listed.slice(0, 7)).toEqual(['ORD-0001', ...ids])
      expect(listed).toHaveLength(47)
    })

    test('hold a unique value once, however many ask for it at once', async () => {
      const [a, b] = await twoNodes(storage)
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => send(n % 2 ? a : b, 'POST', '/orders', { reference: 'one' })),
      )
      expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array(19).fill(409)])
      // Free again once its holder is gone.
      const { id } = answers.find(({ status }) => status === 201)?.json ?? {}
      expect((await send(b, 'DELETE', `/orders/${id}`)).status).toBe(204)
      expect((await send(a, 'POST', '/orders', { reference: 'one' })).status).toBe(201)
      expect((await send(a, 'POST', '/orders', { reference: 'first' })).status).toBe(409)
    })

    test('are changed by the effect of one request only, where its condition held once', async () => {
      const [a, b] = await twoNodes(storage)
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) => send(n % 2 ? a : b, 'POST', '/book', { by: n })),
      )
      const won = answers.filter(({ status }) => status === 201)
      expect(won).toHaveLength(1)
      expect((await send(a, 'GET', '/seats/1')).json.by).toBe(won[0]?.json.by)
    })

    test('of a session are found by an id alone, and go with the session', async () => {
      const [a, b] = await twoNodes(storage)
      const session = await send(a, 'POST', '/imnot/admin/sessions', {})
      const inside = { 'x-imnot-session': session.json.session_id }
      const { json: draft } = await send(a, 'POST', '/drafts', { text: 'mine' }, inside)
      expect((await send(b, 'PATCH', `/drafts/${draft.id}`, { text: 'still mine' })).status).toBe(200)
      expect((await send(a, 'GET', `/drafts/${draft.id}`)).json.text).toBe('still mine')
      expect((await send(b, 'GET', '/drafts')).json).toEqual([])
      expect((await send(b, 'GET', '/drafts', undefined, inside)).json).toHaveLength(1)
      await send(b, 'DELETE', `/imnot/admin/sessions/${session.json.session_id}`)
      expect((await send(a, 'GET', `/drafts/${draft.id}`)).status).toBe(404)
    })

    test('go through their states once, by polls that are counted on both, and by time', async () => {
      const [a, b] = await twoNodes(storage)
      const session = await send(a, 'POST', '/imnot/admin/sessions', {})
      const inside = { 'x-imnot-session': session.json.session_id }
      const { json: job } = await send(a, 'POST', '/jobs', {}, inside)
      const polls = await Promise.all(
        Array.from({ length: 20 }, (_, n) => send(n % 2 ? a : b, 'GET', `/jobs/${job.id}`)),
      )
      const states = polls.map(({ json }) => json.status)
      expect(states.filter((status) => status === 'queued')).toHaveLength(9)
      expect(states.filter((status) => status === 'running')).toHaveLength(11)
      const made = (await send(b, 'GET', '/orders', undefined, inside)).json.filter((one: { job?: string }) => one.job)
      expect(made).toMatchObject([{ job: job.id }])
      await send(b, 'POST', `/imnot/admin/sessions/${session.json.session_id}/clock`, { advance: '1h' })
      expect((await send(a, 'GET', '/jobs', undefined, inside)).json).toMatchObject([{ status: 'done' }])
    })

    test('an idempotency key does it once, whichever node is asked, and gives the same answer again', async () => {
      const [a, b] = await twoNodes(storage)
      const hook = await receiver()
      const headers = { 'idempotency-key': 'k-1', 'x-hook': hook.url }
      const pay = (node: InProcessNode, body: unknown) => send(node, 'POST', '/payments', body, headers)
      const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => pay(n % 2 ? a : b, { amount: 5 })))
      expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
      expect(new Set(answers.map(({ headers }) => headers.get('x-order'))).size).toBe(1)
      expect((await send(a, 'GET', '/orders')).json).toHaveLength(2)
      await expect.poll(() => hook.calls.length, { timeout: 5000 }).toBe(1)
      expect(await pay(b, { amount: 6 })).toMatchObject({ status: 409, json: { reason: 'idempotency_key' } })
      const other = await send(b, 'POST', '/payments', { amount: 6 }, { ...headers, 'idempotency-key': 'k-2' })
      expect(other.status).toBe(201)
      // An answer of 400 or more is not kept: the client is to try again.
      const retry = { ...headers, 'idempotency-key': 'k-3' }
      expect((await send(a, 'POST', '/payments', { amount: 13 }, retry)).status).toBe(503)
      expect((await send(b, 'POST', '/payments', { amount: 13 }, retry)).status).toBe(201)
      expect((await send(a, 'GET', '/orders')).json).toHaveLength(4)
    })
  })
}

const json = { 'content-type': 'application/json' }

async function twoNodes(storage: SharedStorage): Promise<[InProcessNode, InProcessNode]> {
  return [...(await nodesInProcess(storage, 2, [shop]))] as [InProcessNode, InProcessNode]
}

async function send(
  { url }: InProcessNode,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const sent = body === undefined ? { headers } : { headers: { ...json, ...headers }, body: JSON.stringify(body) }
  const response = await fetch(url + path, { method, ...sent })
  const text = await response.text()
  // biome-ignore lint/suspicious/noExplicitAny: answers of every shape are read
  const parsed: any = /^[[{]/.test(text) ? JSON.parse(text) : null
  return { status: response.status, headers: response.headers, text, json: parsed }
}

async function receiver(): Promise<{ readonly url: string; readonly calls: readonly string[] }> {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(request.url ?? '')
    request.resume().on('end', () => response.end())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve())))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, calls }
}
