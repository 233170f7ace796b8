import { expect, test } from 'vitest'
import { memoryStorage, type Outbound } from '../src/index.ts'
import { startEngine } from './support/start-engine.ts'

/** Tokens of an hour, a report that is made at night, and its callback with retries over hours. */
const partner = `partner: hotels
datapoints:
  - { name: token, pattern: oauth, endpoints: [{ method: POST, path: /token, response: { token_type: Bearer, expires_in: 3600 } }] }
  - name: reports
    pattern: async
    defaults: { auth: token }
    state_field: status
    states:
      - { name: queued, for: 20h }
      - { name: running, for: 4h }
      - name: done
        callbacks:
          - { url: "http://receiver.test/{id}", body: { id: "{id}", at: "{{ now }}" }, retry: { attempts: 6, backoff: exponential, first: 1h, max: 8h } }
    endpoints:
      - { step: 1, method: POST, path: /reports, response: { status: 202, generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/reports/{id}", response: { body: { id: "{id}" } } }
`

const hour = 3_600_000

test('three days with a partner pass by the clock alone: tokens end, a report is made each night, callbacks are retried over hours', async () => {
  // The receiver is down for the first five attempts of each callback.
  const attempts = new Map<string, number>()
  const taken: string[] = []
  const outbound: Outbound = async ({ url, body }) => {
    const count = (attempts.get(url) ?? 0) + 1
    attempts.set(url, count)
    if (count === 6) taken.push(new TextDecoder().decode(body))
    return { status: count < 6 ? 503 : 200, retryAfter: null, body: new Uint8Array(0) }
  }
  const { admin, call, engine } = await startEngine({ yaml: partner, outbound, storage: memoryStorage() })
  expect(engine).toBeDefined()
  const { session_id: session } = (await admin('POST', '/imnot/admin/sessions')).json
  const headers = { 'x-imnot-session': session }
  const advance = async (duration: string) => {
    const body = JSON.stringify({ advance: duration, settle: true })
    const answer = await admin('POST', `/imnot/admin/sessions/${session}/clock`, { body })
    expect(answer.status).toBe(200)
    return Date.parse(answer.json.now)
  }
  const authorize = async () => {
    const answer = (await (await call('POST', '/token', { headers })).json()) as { access_token: string }
    return { ...headers, authorization: `Bearer ${answer.access_token}` }
  }

  const start = Date.now()
  const ids: string[] = []
  let expired = 0
  let now = start
  for (let day = 0; day < 3; day++) {
    let token = await authorize()
    const submitted = (await (await call('POST', '/reports', { headers: token })).json()) as { id: string }
    ids.push(submitted.id)
    const seen: string[] = []
    for (const pause of ['10h', '11h', '3h']) {
      now = await advance(pause)
      let answer = await call('GET', `/reports/${submitted.id}`, { headers: token })
      if (answer.status === 401) {
        expired++
        token = await authorize()
        answer = await call('GET', `/reports/${submitted.id}`, { headers: token })
      }
      seen.push(((await answer.json()) as { status: string }).status)
    }
    expect(seen).toEqual(['queued', 'running', 'done'])
  }
  // The retries of the last night: 1, 2, 4, 8 and 8 hours.
  now = await advance('24h')

  expect(expired).toBe(9)
  expect([...attempts.values()]).toEqual([6, 6, 6])
  expect(taken.map((body) => JSON.parse(body).id)).toEqual(ids)
  const nights = taken.map((body) => Math.round((Date.parse(JSON.parse(body).at) - start) / hour))
  expect(nights).toEqual([24, 48, 72])
  expect(Math.round((now - start) / hour)).toBe(96)
})
