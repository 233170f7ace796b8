import { expect, test } from 'vitest'
import { memoryStorage, type Outbound } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const yaml = `
partner: shop
datapoints:
  - name: hooks
    pattern: resource
    path: /hooks
    records: [ { id: a, url: "http://receiver.test/a", events: [ made, paid ] }, { id: b, url: "http://receiver.test/b", events: [ paid ] } ]
  - name: orders
    pattern: resource
    path: /orders
    id: sequence
    hidden: [card]
    endpoints:
      - method: POST
        path: /orders
        callbacks:
          - { for_each: hook, in: "{{ records.hooks }}", when: { hook: { events: { contains: made } } }, url: "{{ hook.url }}", body: "{{ record }}" }
      - method: POST
        path: /orders/{id}/pay
        effects: [ { set: { paid: true } } ]
        callbacks:
          - { for_each: hook, in: "{{ records.hooks }}", url: "{{ hook.url }}", body: { paid: "{{ record.paid }}", card: "{{ record.card }}" } }
      - method: GET
        path: /orders/{id}
        response: { body: { order: "{{ record }}", told: { for_each: one, in: "{{ record.attempts }}", value: "{{ one.status }}" } } }
`

test('callbacks see the record as it will be, go to receivers that are records, and follow each other', async () => {
  const clock = manualClock()
  const calls: string[] = []
  const statuses = [500, 204, 204, 204]
  const outbound: Outbound = async ({ url, body }) => {
    calls.push(`${url} ${new TextDecoder().decode(body)}`)
    return { status: statuses[calls.length - 1] ?? 204, retryAfter: null, body: new Uint8Array(0) }
  }
  const { call } = await startEngine({ yaml, clock, outbound, storage: memoryStorage({ now: clock.now }) })
  const headers = { 'content-type': 'application/json' }
  await call('POST', '/orders', { body: '{"n":1,"card":"4111"}', headers })
  await clock.advance(0)
  await call('POST', '/orders/1/pay', { headers })
  await clock.advance(0)
  // The first one failed, and those of the same record wait behind it.
  expect(calls).toEqual(['http://receiver.test/a {"id":1,"n":1}'])
  await clock.advance(60_000)
  expect(calls.slice(1)).toEqual([
    'http://receiver.test/a {"id":1,"n":1}',
    'http://receiver.test/a {"paid":true,"card":"4111"}',
    'http://receiver.test/b {"paid":true,"card":"4111"}',
  ])
  expect(await (await call('GET', '/orders/1')).json()).toEqual({
    order: { id: 1, n: 1, paid: true },
    told: [500, 204, 204, 204],
  })
})
