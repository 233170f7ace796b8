import { expect, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

const json = { 'content-type': 'application/json' }

const shop = `
partner: shop
datapoints:
  - name: rooms
    pattern: resource
    path: /rooms
    id: sequence
    unique: [number]
    records: [ { id: 1, number: 101, free: true }, { id: 2, number: 102, free: true }, { id: 3, number: 103, free: false } ]
  - name: bookings
    pattern: resource
    path: /bookings
    id: "B{seq:3}"
    record: { by: "{{ request.body.by }}", link: "{{ base_url }}/bookings/{{ record.id }}" }
  - name: book
    pattern: static
    endpoints:
      - method: POST
        path: /book
        responses:
          - { when: { records: { rooms: { first: { free: false } } } }, response: { status: 409, body: { error: full } } }
        effects:
          - { create: bookings, as: booking }
          - { update: rooms, id: "{{ request.body.room }}", record: { free: false, booking: "{{ booking.id }}" }, as: room }
          - { when: { room: { number: 102 } }, update: bookings, id: "{{ booking.id }}", record: { view: sea }, as: booking }
        response:
          status: 201
          body: { booking: "{{ booking }}", room: "{{ room }}", free: { for_each: r, in: "{{ records.rooms }}", when: { r: { free: true } }, value: "{{ r.id }}" } }
      - method: POST
        path: /free-all
        effects:
          - { for_each: room, in: "{{ records.rooms }}", when: { room: { free: false } }, update: rooms, id: "{{ room.id }}", record: { free: true, n: "{{ forloop.index }}" } }
        response: { body: "{{ records.rooms }}" }
      - method: POST
        path: /close/{room}
        effects: [ { delete: rooms, id: "{{ request.params.room }}", as: gone } ]
        response: { body: { gone: "{{ gone.number }}", left: "{{ records.rooms | size }}" } }
      - method: POST
        path: /twice
        effects:
          - { create: rooms, record: { number: 201 } }
          - { create: rooms, record: { number: 201 } }
        response: { body: ok }
`

async function start() {
  const { call } = await startEngine({ yaml: shop, background: false })
  return async (method: string, path: string, body?: unknown) => {
    const response = await call(method, path, body === undefined ? {} : { body: JSON.stringify(body), headers: json })
    const text = await response.text()
    return { status: response.status, json: text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text }
  }
}

test('effects happen in their order and are seen by the answer', async () => {
  const send = await start()
  expect(await send('POST', '/book', { by: 'Ada', room: 2 })).toEqual({
    status: 201,
    json: {
      booking: { id: 'B001', by: 'Ada', link: 'http://127.0.0.1/bookings/B001', view: 'sea' },
      room: { id: 2, number: 102, free: false, booking: 'B001' },
      free: [1],
    },
  })
  expect((await send('GET', '/rooms/2')).json).toMatchObject({ free: false, booking: 'B001' })
  expect((await send('GET', '/bookings')).json).toHaveLength(1)
})

test('an effect that cannot be done refuses the request, and nothing of it is done', async () => {
  const send = await start()
  expect(await send('POST', '/book', { by: 'Ada', room: 9 })).toMatchObject({
    status: 404,
    json: { detail: expect.stringContaining('No record of shop/rooms has the id "9"') },
  })
  expect((await send('GET', '/bookings')).json).toEqual([])
  expect(await send('POST', '/twice')).toMatchObject({ status: 409, json: { reason: 'not_unique' } })
  expect((await send('GET', '/rooms')).json).toHaveLength(3)
})

test('a condition of an answer sees what was before the effects, and an answer of 400 or more does none', async () => {
  const send = await start()
  expect((await send('POST', '/book', { by: 'Ada', room: 1 })).status).toBe(201)
  expect(await send('POST', '/book', { by: 'Bea', room: 2 })).toMatchObject({ status: 409, json: { error: 'full' } })
  expect((await send('GET', '/rooms/2')).json.free).toBe(true)
})

test('an effect with for_each changes each item, and one that deletes shows what is gone', async () => {
  const send = await start()
  expect((await send('POST', '/free-all')).json).toEqual([
    { id: 1, number: 101, free: true },
    { id: 2, number: 102, free: true },
    { id: 3, number: 103, free: true, n: 1 },
  ])
  expect((await send('POST', '/close/3')).json).toEqual({ gone: 103, left: 2 })
  expect((await send('POST', '/close/3')).status).toBe(404)
})
