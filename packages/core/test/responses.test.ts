import { expect, test } from 'vitest'
import { startEngine } from './support/start-engine.ts'

const yaml = `
partner: shop
datapoints:
  - name: jobs
    pattern: async
    states: [ { name: queued, polls: 5 }, { name: done } ]
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id: sequence, id_body_field: id } }
      - { step: 2, method: GET, path: "/jobs/{id}" }
      - method: POST
        path: /jobs/{id}/cancel
        responses: [ { when: { not: { flow: { state: done } } }, response: { status: 425, body: { wait: true } } } ]
  - name: carts
    pattern: resource
    path: /carts
    id: sequence
    endpoints:
      - { method: POST, path: /carts }
      - method: DELETE
        path: /carts/{id}
        responses: [ { when: { not: { record: { paid: true } } }, response: { status: 409, body: { unpaid: true } } } ]
`

test.each(['/jobs/7/cancel', '/carts/7'])(
  'what is not there is not found, whatever responses say: %s',
  async (path) => {
    const { call } = await startEngine({ yaml })
    const [first = ''] = path.split('/7')
    const method = path.endsWith('cancel') ? 'POST' : 'DELETE'
    await call('POST', first, { body: '{}', headers: { 'content-type': 'application/json' } })
    const chosen = await call(method, path.replace('7', '1'))
    expect(chosen.status).toBe(method === 'POST' ? 425 : 409)
    const missed = await call(method, path)
    expect([missed.status, await missed.text()]).toEqual([404, expect.stringContaining('has the id \\"7\\"')])
  },
)

test('a flow that a tester has made fail fails, whatever responses say', async () => {
  const { call, admin } = await startEngine({ yaml })
  await call('POST', '/jobs')
  await admin('POST', '/imnot/admin/flows/1/fail')
  expect((await call('POST', '/jobs/1/cancel')).status).toBe(500)
})
