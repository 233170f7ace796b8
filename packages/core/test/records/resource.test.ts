import { expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { countingStorage } from '../support/counting-storage.ts'
import { type StartOptions, startEngine } from '../support/start-engine.ts'

const json = { 'content-type': 'application/json' }

const hotels = `
partner: hotels
datapoints:
  - name: reservations
    pattern: resource
    path: /v1/hotels/{hotel}/reservations
    id: "RES-{seq:6}"
    unique: [reference]
    hidden: [card]
    record: { status: BOOKED, guest: "{{ request.body.guest }}", card: "{{ request.body.card }}", reference: "{{ request.body.reference }}" }
    records:
      - { id: RES-000001, hotel: H1, status: BOOKED, guest: Ada, reference: first, card: "4111" }
    endpoints:
      - { method: POST, path: "/v1/hotels/{hotel}/reservations/{id}/cancel", effects: [ { set: { status: CANCELLED, meta: { by: "{{ request.body.by }}" } } } ] }
  - name: notes
    pattern: resource
    path: /v1/notes
  - name: codes
    pattern: resource
    path: /v1/codes
    id: { from: body.code }
`

async function start(options: StartOptions = {}) {
  const running = await startEngine({ yaml: hotels, background: false, ...options })
  async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const sent = body === undefined ? { headers } : { body: JSON.stringify(body), headers: { ...json, ...headers } }
    const response = await running.call(method, path, sent)
    const text = await response.text()
    return { status: response.status, headers: response.headers, text, json: text === '' ? null : JSON.parse(text) }
  }
  return { ...running, send }
}

test('the five usual operations are there without being declared, beside the actions that are', async () => {
  const { send } = await start()
  const made = await send('POST', '/v1/notes', { text: 'hi', tags: ['a'] })
  expect(made).toMatchObject({ status: 201, json: { id: expect.any(String), text: 'hi', tags: ['a'] } })
  const path = `/v1/notes/${made.json.id}`
  expect((await send('GET', path)).json).toEqual(made.json)
  expect((await send('PATCH', path, { text: 'ho', tags: null })).json).toEqual({ id: made.json.id, text: 'ho' })
  expect((await send('PUT', path, { title: 'new' })).json).toEqual({ id: made.json.id, title: 'new' })
  expect((await send('GET', '/v1/notes')).json).toEqual([{ id: made.json.id, title: 'new' }])
  expect(await send('DELETE', path)).toMatchObject({ status: 204, text: '' })
  expect(await send('GET', path)).toMatchObject({ status: 404 })
  expect((await send('GET', '/v1/notes')).json).toEqual([])
})

test('ids, sequences, lists and unique values are apart for each value of the other path parameters', async () => {
  const { send } = await start()
  const first = '/v1/hotels/H1/reservations'
  const second = '/v1/hotels/H2/reservations'
  expect((await send('POST', second, { guest: 'Bea', reference: 'first' })).json).toEqual({
    id: 'RES-000001',
    status: 'BOOKED',
    guest: 'Bea',
    reference: 'first',
  })
  // The first number of this hotel is the initial record's.
  expect((await send('POST', first, { guest: 'Cid' })).json.id).toBe('RES-000002')
  const ids = async (path: string) => (await send('GET', path)).json.map((one: { guest: string }) => one.guest)
  expect(await ids(first)).toEqual(['Ada', 'Cid'])
  expect(await ids(second)).toEqual(['Bea'])
  expect(await send('POST', first, { guest: 'Dan', reference: 'first' })).toMatchObject({
    status: 409,
    json: { reason: 'not_unique', field: 'reference' },
  })
})

test('an action does its effects, and the answer is the record', async () => {
  const { send } = await start()
  const path = '/v1/hotels/H1/reservations/RES-000001'
  const cancelled = await send('POST', `${path}/cancel`, { by: 'desk' })
  expect(cancelled).toMatchObject({
    status: 200,
    json: { id: 'RES-000001', status: 'CANCELLED', meta: { by: 'desk' } },
  })
  expect((await send('GET', path)).json).toEqual(cancelled.json)
  expect(cancelled.json.card).toBeUndefined()
})

test('an initial record can be changed and deleted in a session and is untouched elsewhere', async () => {
  const { send, admin } = await start()
  const { json: session } = await admin('POST', '/imnot/admin/sessions', { body: '{}', headers: json })
  const inside = { 'x-imnot-session': session.session_id }
  const path = '/v1/hotels/H1/reservations/RES-000001'
  expect((await send('PATCH', path, { guest: 'Eve' }, inside)).json.guest).toBe('Eve')
  expect((await send('GET', path)).json.guest).toBe('Ada')
  expect((await send('DELETE', path, undefined, inside)).status).toBe(204)
  expect((await send('GET', path, undefined, inside)).status).toBe(404)
  expect((await send('GET', '/v1/hotels/H1/reservations', undefined, inside)).json).toEqual([])
  expect((await send('GET', path)).status).toBe(200)
})

test('a create makes one read and one write, a read one read, a list one of each', async () => {
  const counting = countingStorage(memoryStorage())
  const { send } = await start({ storage: counting.storage })
  counting.reset()
  const { json: made } = await send('POST', '/v1/notes', { a: 1 })
  expect(counting.counts).toMatchObject({ get: 1, list: 0, write: 1 })
  counting.reset()
  await send('GET', `/v1/notes/${made.id}`)
  expect(counting.counts).toMatchObject({ get: 1, list: 0, write: 0 })
  counting.reset()
  await send('GET', '/v1/notes')
  expect(counting.counts).toMatchObject({ get: 1, list: 1, write: 0 })
})

test('an id that the client chooses keeps its type, is refused where it is taken, and can be put', async () => {
  const { send } = await start()
  expect((await send('POST', '/v1/codes', { code: 7, a: 1 })).json).toEqual({ code: 7, a: 1 })
  expect(await send('POST', '/v1/codes', { code: 7 })).toMatchObject({ status: 409, json: { reason: 'taken' } })
  expect(await send('POST', '/v1/codes', { a: 1 })).toMatchObject({ status: 422 })
  expect(await send('PUT', '/v1/codes/X', { code: 'X' })).toMatchObject({ status: 201 })
  expect(await send('PUT', '/v1/codes/X', { code: 'X', b: 2 })).toMatchObject({ status: 200, json: { b: 2 } })
})

test('a list is paged where the endpoint says so', async () => {
  const yaml = `
partner: p
datapoints:
  - name: notes
    pattern: resource
    path: /notes
    id: sequence
    records: [ { id: 1, t: a }, { id: 2, t: b }, { id: 3, t: a } ]
    endpoints:
      - { method: GET, path: /notes, page: { style: offset_limit, size: 2 } }
      - method: GET
        path: /found
        page: { style: offset_limit, size: 2, filter: { t: query.t } }
        response: { body: { items: "{{ page.items }}", total: "{{ page.total }}" } }
`
  const { send } = await start({ yaml })
  expect((await send('GET', '/notes?offset=1')).json).toEqual([
    { id: 2, t: 'b' },
    { id: 3, t: 'a' },
  ])
  expect((await send('GET', '/found?t=a')).json).toEqual({
    items: [
      { id: 1, t: 'a' },
      { id: 3, t: 'a' },
    ],
    total: 2,
  })
})

test('a PUT whose body says no text where the client chooses ids makes nothing, and is no mistake of imnot', async () => {
  const chosen = 'partner: p\ndatapoints: [ { name: n, pattern: resource, path: /n, id: { from: body.a.b } } ]'
  const { call } = await startEngine({ yaml: chosen, background: false })
  const put = (body: string, type: string) => call('PUT', '/n/1', { body, headers: { 'content-type': type } })
  expect((await put('<a><b id="1">t</b></a>', 'text/xml')).status).toBe(404)
  expect((await put('{"a":{"b":{}}}', 'application/json')).status).toBe(404)
  expect((await put('{"a":{"b":1}}', 'application/json')).status).toBe(201)
})

test('an id that is made of what is the same each time is taken once it is there', async () => {
  const same = `partner: p
datapoints:
  - { name: n, pattern: resource, path: /n, id: "{{ base_url }}/x" }
  - name: f
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /f, response: { generates_id: true, id: "{{ base_url }}/x" } }
      - { step: 2, method: GET, path: "/f/{id}" }
`
  const { call } = await startEngine({ yaml: same, background: false })
  for (const [path, made] of [
    ['/n', 201],
    ['/f', 202],
  ] as const) {
    expect((await call('POST', path)).status).toBe(made)
    expect((await call('POST', path)).status).toBe(409)
  }
})
