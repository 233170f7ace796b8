import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { memoryStorage, type Outbound } from '../src/index.ts'
import { manualClock } from './support/manual-clock.ts'
import { type CallOptions, startEngine } from './support/start-engine.ts'

const shop = `partner: shop
datapoints:
  - { name: busy, pattern: static, endpoints: [{ method: GET, path: /busy, response: { status: 503, headers: { Retry-After: "10" }, body: {} } }] }
  - { name: token, pattern: oauth, endpoints: [{ method: POST, path: /token, response: { token_type: Bearer, expires_in: 3600 } }] }
  - { name: refuse, pattern: static, endpoints: [{ method: GET, path: /refuse, response: { status: 401, body: {} } }] }
  - name: orders
    pattern: static
    endpoints:
      - method: POST
        path: /orders
        responses: [{ times: 1, response: { status: 502, body: {} } }]
        response: { status: 201, body: {} }
  - { name: list, pattern: paginated, pagination: { style: offset_limit, items_field: items, total_field: total, default_limit: 2 }, endpoints: [{ method: GET, path: /list }] }
  - { name: feed, pattern: fetch, endpoints: [{ method: GET, path: /feed, page: { style: page_number, of: payload, size: 2 } }] }
  - { name: hook, pattern: callback, endpoints: [{ method: POST, path: /hook, response: { callback_url_header: X-Url } }] }
  - name: builds
    pattern: async
    states: [{ name: running, for: 60s }, { name: done }]
    endpoints:
      - { step: 1, method: POST, path: /builds, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/builds/{id}", response: { body: { state: "{{ flow.state }}" } } }
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: id, body: { interval: 5 } } }
      - { step: 2, method: HEAD, path: "/jobs/{id}", response: { status: 201 } }
      - { step: 3, method: GET, path: "/jobs/{id}", response: { body: { done: true } } }
`

interface Judged {
  readonly rule: string
  readonly verdict: string
  readonly occasions: number
  readonly findings: readonly {
    readonly detail: string
    readonly requests: readonly string[]
    readonly deliveries: readonly string[]
  }[]
}

async function start(outbound?: Outbound) {
  const clock = manualClock()
  const storage = memoryStorage({ now: clock.now })
  const running = await startEngine({ yaml: shop, clock, storage, ...(outbound !== undefined && { outbound }) })
  const { session_id: session } = (await running.admin('POST', '/imnot/admin/sessions')).json
  const call = (method: string, path: string, { headers, ...rest }: CallOptions = {}) =>
    running.call(method, path, { ...rest, headers: { 'x-imnot-session': session, ...headers } })
  const upload = (datapoint: string, body: string) =>
    running.admin('POST', `/imnot/admin/shop/${datapoint}/payload`, {
      body,
      headers: { 'content-type': 'application/json', 'x-imnot-session': session },
    })
  const report = async (query = '') => {
    const asked = running.admin('GET', `/imnot/admin/sessions/${session}/report${query}`)
    await clock.advance(1000)
    return (await asked).json as { verdict: string; requests: number; rules: readonly Judged[] }
  }
  const judged = async (rule: string, query = '') => {
    const found = (await report(query)).rules.find((one) => one.rule === rule)
    return {
      verdict: found?.verdict,
      details: found?.findings.map(({ detail }) => detail),
      findings: found?.findings ?? [],
    }
  }
  const submit = async () => ((await (await call('POST', '/jobs')).json()) as { id: string }).id
  const requests = async () => (await running.admin('GET', `/imnot/admin/requests?session=${session}`)).json.requests
  return { ...running, clock, session, call, upload, report, judged, submit, requests }
}

describe('a consumer', () => {
  test('of which nothing is known has violated nothing, and there was no occasion', async () => {
    const { report } = await start()
    const { verdict, requests, rules } = await report()
    expect([verdict, requests]).toEqual(['ok', 0])
    expect(new Set(rules.map((rule) => rule.verdict))).toEqual(new Set(['no_occasion']))
  })

  test('waits as Retry-After says, on the wall or by the clock of its session', async () => {
    const { call, clock, judged, admin, session, requests } = await start()
    await call('GET', '/busy')
    await clock.advance(10_000)
    await call('GET', '/busy')
    await admin('POST', `/imnot/admin/sessions/${session}/clock`, { body: JSON.stringify({ advance: '10s' }) })
    await call('GET', '/busy')
    expect(await judged('retry-after')).toMatchObject({ verdict: 'ok', details: [] })
    await call('GET', '/busy')
    const { verdict, details, findings } = await judged('retry-after')
    expect([verdict, details]).toEqual([
      'violated',
      ['GET /busy came 1 s after an answer 503 that asked to wait 10 s (Retry-After).'],
    ])
    const [last, before] = await requests()
    expect(findings[0]?.requests).toEqual([before.id, last.id])
  })

  test('polls as slowly as the answer that began the flow says', async () => {
    const { call, clock, judged, submit } = await start()
    const id = await submit()
    for (const pauseMs of [0, 5000, 5000, 100, 200]) {
      await clock.advance(pauseMs)
      await call('HEAD', `/jobs/${id}`)
    }
    expect((await judged('polling-interval')).details).toEqual([
      `HEAD /jobs/{id} polled the flow ${id} 2 times sooner than 5 s after the poll before, the soonest after 0.1 s.`,
    ])
  })

  test('stops polling after the final answer', async () => {
    const { call, judged, submit, clock } = await start()
    const id = await submit()
    await call('HEAD', `/jobs/${id}`)
    await call('GET', `/jobs/${id}`)
    await call('GET', `/jobs/${id}`)
    expect(await judged('polls-after-final')).toMatchObject({ verdict: 'ok' })
    for (let poll = 0; poll < 3; poll++) await clock.advance(5000).then(() => call('GET', `/jobs/${id}`))
    expect((await judged('polls-after-final')).details).toEqual([
      `GET /jobs/{id} went on 4 times after it had given the final answer of the flow ${id}.`,
    ])
  })

  test('goes on polling while the flow is in a state that passes, and no longer', async () => {
    const { call, judged, clock } = await start()
    const { id } = (await (await call('POST', '/builds')).json()) as { id: string }
    const poll = async (count: number) => {
      for (let turn = 0; turn < count; turn++) {
        await clock.advance(6000)
        await call('GET', `/builds/${id}`)
      }
    }
    await poll(9)
    expect(await judged('polls-after-final')).toMatchObject({ verdict: 'no_occasion' })
    await poll(2)
    expect(await judged('polls-after-final')).toMatchObject({ verdict: 'ok' })
    await poll(3)
    expect((await judged('polls-after-final')).details).toHaveLength(1)
  })

  test('keeps the order of steps', async () => {
    const { call, judged, submit } = await start()
    const id = await submit()
    await call('GET', `/jobs/${id}`)
    expect(await judged('steps-in-order')).toMatchObject({
      verdict: 'violated',
      details: [`GET /jobs/${id} is step 3 and came before an earlier step was done.`],
    })
  })

  test('uses its token until it ends, unless it is told that it is not good', async () => {
    const { call, clock, judged } = await start()
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const grant = (client: string) =>
      call('POST', '/token', {
        headers: form,
        body: `grant_type=client_credentials&client_id=${client}&client_secret=s`,
      })
    await grant('a')
    await grant('b')
    await clock.advance(3_550_000)
    await grant('a')
    await call('GET', '/refuse')
    await grant('a')
    expect(await judged('token-reuse')).toMatchObject({ verdict: 'ok', details: [] })
    await grant('a')
    await grant('a')
    expect((await judged('token-reuse')).details).toEqual([
      'POST /token was asked for 2 tokens while the one before was good for 3600 s and had not ended.',
    ])
  })

  test('may send what is no text where a grant type belongs', async () => {
    const { call, judged } = await start()
    const body = '{"grant_type":{"toString":1,"valueOf":1}}'
    const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }
    expect((await call('POST', '/token', { headers, body })).status).toBe(200)
    expect(await judged('token-reuse')).toMatchObject({ verdict: 'no_occasion' })
  })

  test('sends the same Idempotency-Key again after a failure, and another one with another body', async () => {
    const { call, judged } = await start()
    const order = (key: string, body = '{"n":1}') =>
      call('POST', '/orders', {
        body,
        headers: { 'idempotency-key': key, 'content-type': 'application/json', 'content-length': String(body.length) },
      })
    await order('k1')
    await order('k1')
    expect(await judged('idempotency-key')).toMatchObject({ verdict: 'ok' })
    await order('k1', '{"n":2}')
    expect((await judged('idempotency-key')).details).toEqual([
      'POST /orders carries the Idempotency-Key of an earlier request and says something else.',
    ])
    const other = await start()
    const send = (key: string) =>
      other.call('POST', '/orders', { body: '1', headers: { 'idempotency-key': key, 'content-length': '1' } })
    await send('k1')
    await send('k2')
    expect((await other.judged('idempotency-key')).details).toEqual([
      'POST /orders was sent again with another Idempotency-Key after an answer 502: the partner takes it for a second order.',
    ])
  })

  test.each([
    ['list', ['/list?limit=2', '/list?limit=2&offset=2', '/list?limit=2&offset=4']],
    ['feed', ['/feed', '/feed?page=2', '/feed?page=3']],
  ])('reads a list to its last page: %s', async (datapoint, pages) => {
    const { call, upload, judged } = await start()
    await upload(datapoint, '[1,2,3,4,5]')
    for (const page of pages) expect((await call('GET', page)).status).toBe(200)
    expect(await judged('pages-to-end')).toMatchObject({ verdict: 'ok' })
    for (const page of pages.slice(0, 2)) await call('GET', page)
    expect((await judged('pages-to-end')).details).toEqual([
      `GET /${datapoint} was left after 2 pages, and there are more.`,
    ])
  })

  test('acknowledges callbacks at once and in time', async () => {
    const clock = { slow: false, status: 200 }
    const outbound: Outbound = async () => {
      if (clock.slow) await started.clock.sleep(7000)
      return { status: clock.status, retryAfter: null, body: new Uint8Array(0) }
    }
    const started = await start(outbound)
    const { call, upload, judged } = started
    await upload('hook', '1')
    const owe = async () => {
      const answer = await call('POST', '/hook', { headers: { 'x-url': 'http://user:pw@receiver.test/hook?token=s' } })
      return ((await answer.json()) as { request_id: string }).request_id
    }
    await owe()
    await started.clock.advance(10_000)
    expect(await judged('callbacks-acknowledged')).toMatchObject({ verdict: 'ok' })
    clock.slow = true
    const late = await owe()
    await started.clock.advance(10_000)
    clock.slow = false
    clock.status = 500
    const failed = await owe()
    await started.clock.advance(1000)
    const { details, findings } = await judged('callbacks-acknowledged')
    expect(findings.flatMap(({ deliveries }) => deliveries).sort()).toEqual([late, failed].sort())
    expect(details?.join('\n')).toContain(
      'attempts to call http://receiver.test/hook were not acknowledged: the answer took 7 s, more than 5 s.',
    )
    expect(details?.join('\n')).toContain('were not acknowledged: the answer was 500')
    expect(details?.join('\n')).not.toContain('pw')
    expect((await judged('callbacks-acknowledged', '?acknowledge_within=8s')).findings).toHaveLength(1)
  })
})

describe('the report', () => {
  test('is of all sessions where none is named, and of its own session alone to the holder of a token', async () => {
    const { admin, call, clock, engine } = await start()
    await call('GET', '/busy')
    await call('GET', '/busy')
    const asked = admin('GET', '/imnot/admin/report')
    await clock.advance(1000)
    expect((await asked).json).toMatchObject({ session_id: null, verdict: 'violated', requests: 2 })
    expect((await admin('GET', '/imnot/admin/report?poll_interval=soon')).status).toBe(400)
    expect((await admin('GET', '/imnot/admin/sessions/nobody/report')).status).toBe(404)
    expect(engine).toBeDefined()
  })

  test('says that nobody can tell where requests were not written down', async () => {
    const { call, report } = await start()
    for (let count = 0; count < 600; count++) await call('GET', '/refuse')
    expect(await report()).toMatchObject({ verdict: 'incomplete', dropped: 100 })
  })

  test('holds no secret that a consumer sent', async () => {
    const { call, report } = await start()
    const headers = { authorization: `Basic ${Buffer.from('me:s3cr3t').toString('base64')}` }
    for (let count = 0; count < 3; count++) await call('POST', '/token?api_key=s3cr3t', { headers })
    const text = JSON.stringify(await report())
    expect(text).toContain('api_key=hash:')
    expect(text).not.toContain('s3cr3t')
  })
})
