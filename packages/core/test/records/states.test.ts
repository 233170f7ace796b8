import { expect, test } from 'vitest'
import { memoryStorage, type Outbound } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const headers = { 'content-type': 'application/json' }

const yaml = `
partner: bank
datapoints:
  - name: payments
    pattern: resource
    path: /accounts/{account}/payments
    id: "P{seq:2}"
    state_field: status
    records: [ { id: P90, account: A, status: BOOKED }, { id: P91, account: A } ]
    states:
      - { name: RECEIVED, polls: 2 }
      - { name: CHECKED, for: 10s, callbacks: [ { url: "{{ record.hook }}", body: { id: "{{ record.id }}", status: "{{ record.status }}" } } ] }
      - { name: REJECTED, when: { record: { amount: { gt: 1000 } } }, set: { reason: limit } }
      - name: BOOKED
        set: { booked_at: "{{ now }}" }
        effects: [ { create: entries, id: "{{ record.id }}", record: { amount: "{{ record.amount }}" } } ]
        callbacks: [ { url: "{{ record.hook }}", body: { id: "{{ record.id }}", status: "{{ record.status }}" } } ]
      - { name: CANCELLED }
    endpoints:
      - method: POST
        path: /accounts/{account}/payments/{id}/cancel
        responses:
          - { when: { record: { status: { in: [BOOKED, REJECTED] } } }, response: { status: 409, body: { state: "{{ flow.state }}" } } }
        effects: [ { set: { by: client } }, { enter: CANCELLED } ]
  - { name: entries, pattern: resource, path: /entries }
  - name: desk
    pattern: static
    endpoints:
      - { method: POST, path: /order, effects: [ { create: payments, params: { account: A }, id: "{{ request.body.id }}", record: { amount: 1 } } ] }
      - { method: POST, path: /undo, effects: [ { delete: payments, params: { account: A }, id: "{{ request.body.id }}" } ] }
`

async function start() {
  const clock = manualClock()
  const calls: string[] = []
  const outbound: Outbound = async ({ body }) => {
    calls.push(new TextDecoder().decode(body))
    return { status: 204, retryAfter: null, body: new Uint8Array(0) }
  }
  const storage = memoryStorage({ now: clock.now })
  const { call, admin } = await startEngine({ yaml, clock, outbound, storage })
  const send = async (method: string, path: string, body?: unknown) => {
    const response = await call(
      method,
      path,
      body === undefined ? { headers } : { body: JSON.stringify(body), headers },
    )
    const text = await response.text()
    return { status: response.status, json: text === '' ? null : JSON.parse(text) }
  }
  const status = async (path: string) => (await send('GET', path)).json.status
  return { clock, calls, admin, storage, send, status }
}

const path = '/accounts/A/payments'

test('a record goes through its states by polls and by time, and lists, callbacks and effects show it', async () => {
  const { clock, calls, send, status } = await start()
  expect(await send('POST', path, { amount: 5, hook: 'http://receiver.test/' })).toMatchObject({
    status: 201,
    json: { id: 'P01', status: 'RECEIVED' },
  })
  expect(await status(`${path}/P01`)).toBe('RECEIVED')
  // Lists are no polls.
  expect((await send('GET', path)).json.map((one: { status: string }) => one.status)).toEqual([
    'BOOKED',
    undefined,
    'RECEIVED',
  ])
  expect(await status(`${path}/P01`)).toBe('CHECKED')
  await clock.advance(10_000)
  const [, , listed] = (await send('GET', path)).json
  expect(listed).toMatchObject({ id: 'P01', status: 'BOOKED', amount: 5, booked_at: expect.any(String) })
  expect((await send('GET', '/entries')).json).toEqual([{ id: 'P01', amount: 5 }])
  expect(calls).toEqual(['{"id":"P01","status":"CHECKED"}', '{"id":"P01","status":"BOOKED"}'])
  expect(await send('POST', `${path}/P01/cancel`)).toEqual({ status: 409, json: { state: 'BOOKED' } })
})

test('a state whose condition does not hold is passed over, and an endpoint enters one by name', async () => {
  const { clock, send, status } = await start()
  await send('POST', path, { amount: 5000 })
  await send('GET', `${path}/P01`)
  await send('GET', `${path}/P01`)
  await clock.advance(10_000)
  expect((await send('GET', `${path}/P01`)).json).toMatchObject({ status: 'REJECTED', reason: 'limit' })
  await send('POST', path, { amount: 1 })
  expect((await send('POST', `${path}/P02/cancel`)).json).toMatchObject({
    status: 'CANCELLED',
    by: 'client',
    amount: 1,
  })
  await clock.advance(60_000)
  expect(await status(`${path}/P02`)).toBe('CANCELLED')
  // What shows the state is the state's alone.
  expect((await send('PATCH', `${path}/P02`, { status: 'BOOKED', amount: 2 })).json).toMatchObject({
    status: 'CANCELLED',
    amount: 2,
  })
})

test('a record is a flow: listed, and gone when it is deleted', async () => {
  const { admin, send } = await start()
  await send('POST', path, { amount: 5 })
  const [flow] = (await admin('GET', '/imnot/admin/flows?partner=bank')).json
  expect(flow).toMatchObject({ id: 'A/P01', datapoint: 'payments' })
  expect((await send('DELETE', `${path}/P01`)).status).toBe(204)
  expect((await admin('GET', '/imnot/admin/flows?partner=bank')).json).toEqual([])
})

test('a tester completes a record, holds it, and lets it fail', async () => {
  const { admin, clock, send, status } = await start()
  const steer = (id: string, how: string) =>
    admin('POST', `/imnot/admin/flows/${encodeURIComponent(id)}/${how}`).then((answer) => answer.status)
  await send('POST', path, { amount: 5 })
  expect(await steer('A/P01', 'complete')).toBe(200)
  expect(await status(`${path}/P01`)).toBe('BOOKED')
  expect((await send('GET', '/entries')).json).toHaveLength(1)
  await send('POST', path, { amount: 6 })
  expect(await steer('A/P02', 'hold')).toBe(200)
  await send('GET', `${path}/P02`)
  await send('GET', `${path}/P02`)
  await clock.advance(60_000)
  expect(await status(`${path}/P02`)).toBe('RECEIVED')
  expect(await steer('A/P02', 'fail')).toBe(200)
  expect((await send('GET', `${path}/P02`)).status).toBe(500)
})

test('a record that an effect makes begins by itself, and one that an effect removes leaves nothing behind', async () => {
  const { admin, clock, send, status } = await start()
  expect((await send('POST', '/order', { id: 'P50' })).status).toBe(200)
  await clock.advance(0)
  expect(await status(`${path}/P50`)).toBe('RECEIVED')
  expect(await status(`${path}/P50`)).toBe('CHECKED')
  expect((await send('POST', '/undo', { id: 'P50' })).status).toBe(200)
  expect((await admin('GET', '/imnot/admin/flows?partner=bank')).json).toEqual([])
  expect((await send('POST', '/order', { id: 'P50' })).status).toBe(200)
  await clock.advance(0)
  expect(await status(`${path}/P50`)).toBe('RECEIVED')
})

test('an initial record stands where it says, or begins when it is first asked for', async () => {
  const { send, status } = await start()
  expect(await send('POST', `${path}/P90/cancel`)).toMatchObject({ status: 409 })
  expect(await status(`${path}/P91`)).toBe('RECEIVED')
  expect(await status(`${path}/P91`)).toBe('CHECKED')
  expect(await status(`${path}/P90`)).toBe('BOOKED')
})
