import { errorKinds, operatorNames } from '@imnot/schema'
import { expect, test } from 'vitest'
import { refusalStatuses } from '../src/answers/refusal.ts'
import { operators } from '../src/conditions/operators.ts'
import { memoryStorage } from '../src/index.ts'
import { countingStorage } from './support/counting-storage.ts'
import { startEngine } from './support/start-engine.ts'

const json = { 'content-type': 'application/json' }

const shop = `
partner: shop
base_path: /shop
defaults:
  headers: { X-Partner: shop, X-Trace: "{{ request.headers.x-trace }}" }
errors:
  no_route: { status: 400, body: { code: no_route, message: "{{ error.detail }}" } }
datapoints:
  - name: echo
    pattern: static
    endpoints:
      - method: POST
        path: /echo/{id}
        response:
          headers: { X-Id: "{{ request.params.id }}", Link: "<{{ base_url }}/shop/echo>" }
          body: { id: "{{ request.params.id }}", n: "{{ request.body.n }}", none: "{{ request.body.none }}", q: "{{ request.query.q | upcase }}" }
      - method: GET
        path: /plain
        response: { body: { ok: true } }
      - { method: GET, path: /count, response: { body: { n: "{{ counters.orders }}" } } }
  - name: soap
    pattern: static
    endpoints:
      - method: POST
        path: /soap
        when: { headers: { SOAPAction: { contains: GetReservation } } }
        response: { content_type: text/xml, body: "<r>{{ request.body.Envelope.Body.Get.Code }}</r>" }
      - method: POST
        path: /soap
        when: { body: { "//Cancel": { exists: true } } }
        response: { body: cancelled }
  - name: flaky
    pattern: static
    endpoints:
      - method: GET
        path: /flaky
        responses:
          - { times: 2, response: { status: 503, headers: { Retry-After: "1" }, body: { error: busy } } }
          - { when: { query: { big: "1" } }, response: { body: big } }
        response: { body: fine }
  - name: hooks
    pattern: callback
    endpoints:
      - method: POST
        path: /hooks
        responses: [ { when: { query: { slow: "1" } }, response: { callback_delay_seconds: 60, body: { late: true } } } ]
        response: { callback_url_header: X-Callback }
  - name: jobs
    pattern: async
    errors:
      not_found: { status: 410, body: { code: gone, id: "{{ request.params.id }}", why: "{{ error.detail }}" } }
    endpoints:
      - step: 1
        method: POST
        path: /jobs
        responses: [ { when: { body: { size: XXL } }, response: { status: 422, body: { error: too big } } } ]
        response: { status: 202, generates_id: true, id_body_field: job.id, body: { link: "{{ base_url }}/shop/jobs/{id}", at: "{{ flow.created_at }}" } }
      - { step: 2, method: GET, path: "/jobs/{id}", response: { body: { id: "{id}", polls: "{{ flow.polls }}" } } }
`

async function start() {
  const counting = countingStorage(memoryStorage())
  const running = await startEngine({ yaml: shop, storage: counting.storage, background: false })
  const text = async (method: string, path: string, options = {}) => {
    const response = await running.call(method, path, options)
    const body = await response.text()
    return { status: response.status, headers: response.headers, body, json: () => JSON.parse(body) }
  }
  return { ...running, counting, text }
}

test('an answer is rendered from the request, with the types of what it finds', async () => {
  const { text } = await start()
  const answer = await text('POST', '/shop/echo/7?q=ab', { body: '{"n":1.5}', headers: { ...json, 'x-trace': 't' } })
  expect(answer.json()).toEqual({ id: '7', n: 1.5, q: 'AB' })
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'x-id': '7',
    link: '<http://127.0.0.1/shop/echo>',
    'x-partner': 'shop',
    'x-trace': 't',
  })
})

test('links lead back into the session that the base URL names', async () => {
  const { admin, text } = await start()
  const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
  const answer = await text('POST', `/imnot/s/${session_id}/shop/jobs`)
  expect(answer.json().link).toBe(`http://127.0.0.1/imnot/s/${session_id}/shop/jobs/${answer.json().job.id}`)
})

test('a value from a request can neither end a header nor begin another', async () => {
  const { text } = await start()
  const answer = await text('POST', '/shop/echo/a%0d%0aX-Evil:%201')
  expect(answer.headers.get('x-evil')).toBeNull()
  expect(answer.headers.get('x-id')).toBe('a X-Evil: 1')
})

test('endpoints that share a route are told apart by headers and by the body, and a miss has the shape of the partner', async () => {
  const { text, engine } = await start()
  const xml = (inner: string) => `<s:Envelope xmlns:s="u"><s:Body>${inner}</s:Body></s:Envelope>`
  const call = (body: string, headers = {}) =>
    text('POST', '/shop/soap', { body, headers: { 'content-type': 'text/xml', ...headers } })
  expect(await call(xml('<Get><Code>A&amp;B</Code></Get>'), { soapaction: '"urn:GetReservation"' })).toMatchObject({
    status: 200,
    body: '<r>A&amp;B</r>',
  })
  expect(await call(xml('<Cancel/>'))).toMatchObject({ status: 200, body: 'cancelled' })
  const miss = await call(xml('<Other/>'))
  expect(miss).toMatchObject({ status: 400 })
  expect(miss.json()).toMatchObject({ code: 'no_route' })
  expect(miss.headers.get('x-partner')).toBe('shop')
  expect(engine.match('POST', '/shop/other', new Headers())).toBeNull()
})

test('responses are chosen by when and by times, which count for each session', async () => {
  const { admin, text } = await start()
  const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
  const of = async (headers = {}, query = '') => (await text('GET', `/shop/flaky${query}`, { headers })).body
  const busy = '{"error":"busy"}'
  expect([await of(), await of(), await of(), await of({}, '?big=1')]).toEqual([busy, busy, 'fine', 'big'])
  const session = { 'x-imnot-session': session_id }
  expect([await of(session), await of(session), await of(session)]).toEqual([busy, busy, 'fine'])
})

test('an answer of 400 or more that responses choose changes nothing', async () => {
  const { admin, text } = await start()
  expect(await text('POST', '/shop/jobs', { body: '{"size":"XXL"}', headers: json })).toMatchObject({ status: 422 })
  expect((await admin('GET', '/imnot/admin/flows')).json).toEqual([])
  const started = await text('POST', '/shop/jobs', { body: '{"size":"S"}', headers: json })
  const polled = await text('GET', new URL(started.json().link).pathname)
  expect(polled.json()).toEqual({ id: started.json().job.id, polls: 1 })
})

test('errors give refusals the shape of the partner', async () => {
  const { text } = await start()
  const answer = await text('GET', '/shop/jobs/nope')
  expect(answer.status).toBe(410)
  expect(answer.json()).toMatchObject({
    code: 'gone',
    id: 'nope',
    why: expect.stringContaining('No flow of shop/jobs has the id "nope"'),
  })
})

test('counters count on, once for each request, apart in each session', async () => {
  const { admin, text } = await start()
  const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
  const next = async (headers = {}) => (await text('GET', '/shop/count', { headers })).json().n
  expect([await next(), await next(), await next({ 'x-imnot-session': session_id }), await next()]).toEqual([
    1, 2, 1, 3,
  ])
})

test('an answer that is rendered from the request alone makes no storage call', async () => {
  const { text, counting } = await start()
  counting.reset()
  await text('POST', '/shop/echo/7', { body: '{}', headers: json })
  await text('GET', '/shop/plain')
  expect(counting.counts).toEqual({ get: 0, list: 0, write: 0, claim: 0 })
})

test('two partners share a path by their hosts', async () => {
  const partner = (name: string, hosts: string) => `
partner: ${name}
${hosts}
datapoints: [ { name: t, pattern: static, endpoints: [ { method: POST, path: /oauth/token, response: { body: ${name} } } ] } ]`
  const { engine } = await startEngine({
    yaml: [partner('any', ''), partner('one', 'hosts: one.example'), partner('two', 'hosts: [two.example]')],
  })
  const ask = async (host: string) =>
    (await engine.fetch(new Request('http://x/oauth/token', { method: 'POST', headers: { host } }))).text()
  expect([await ask('one.example:8000'), await ask('TWO.example'), await ask('three.example')]).toEqual([
    'one',
    'two',
    'any',
  ])
})

test('a pattern that no engine takes is a fault of the definition at its place', async () => {
  const { admin } = await startEngine({})
  const body = `partner: bad
datapoints:
  - name: a
    pattern: static
    endpoints:
      - { method: GET, path: /a, when: { query: { b: { matches: "(?=x)" } } } }
`
  const answer = await admin('POST', '/imnot/admin/partners', { body, headers: { 'content-type': 'application/yaml' } })
  expect(answer.status).toBe(422)
  expect(answer.json.diagnostics[0]).toMatchObject({ line: 6, column: 65, code: 'cannot-compile' })
})

test('the schema knows the very operators and kinds of refusals that there are', () => {
  expect([...operatorNames].sort()).toEqual(Object.keys(operators).sort())
  expect([...errorKinds].sort()).toEqual(Object.keys(refusalStatuses).sort())
})

test('an alternative answer of a callback calls where the other one would', async () => {
  const { admin, text } = await start()
  const url = 'http://receiver.test/hook'
  const answer = await text('POST', '/shop/hooks?slow=1', { headers: { 'x-callback': url } })
  expect(answer.json()).toMatchObject({ late: true, request_id: expect.any(String) })
  expect((await admin('GET', '/imnot/admin/deliveries')).json).toMatchObject([{ url }])
  expect((await text('POST', '/shop/hooks?slow=1')).status).toBe(400)
})
