import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isImnotError } from '@imnot/core'
import { describe, expect, onTestFinished, test, vi } from 'vitest'
import { acme, adminKey, worlds } from './worlds.ts'

const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)

/** What a refused call rejects with, as its user sees it. */
function refused(call: Promise<unknown>) {
  return call.then(
    () => expect.fail('it was not refused'),
    (error: unknown) => {
      if (!isImnotError(error)) throw error
      return error
    },
  )
}

const oddBytes = [
  {
    what: 'JSON with BOM, CRLF, big numbers and repeated keys',
    type: 'application/json',
    bytes: Buffer.from('\uFEFF{"a":1.10,\r\n"a":1e400,"b":12345678901234567890}\r\n'),
  },
  {
    what: 'bytes that are no text',
    type: 'image/png',
    bytes: Buffer.from(Array.from({ length: 4096 }, (_, at) => (at * 7) % 256)),
  },
  {
    what: 'XML in ISO-8859-1',
    type: 'application/xml; charset=ISO-8859-1',
    bytes: Buffer.from('<?xml version="1.0" encoding="ISO-8859-1"?>\r\n<a>\xe9</a>', 'latin1'),
  },
]

describe.each(worlds)('the API $name', ({ open }) => {
  test.each(oddBytes)('gives back the exact bytes of a payload: $what', async ({ bytes, type }) => {
    const { imnot } = await open()
    const stored = await imnot.payloads.set('acme', 'charges', bytes, { contentType: type })
    expect(stored).toMatchObject({ session_id: null, content_type: type, bytes: bytes.length })
    const { body, contentType } = await imnot.payloads.get('acme', 'charges')
    expect(Buffer.from(body).equals(bytes)).toBe(true)
    expect(contentType).toBe(type)
    const consumed = await imnot.fetch('/v1/charges')
    expect(consumed.headers.get('content-type')).toBe(type)
    expect(Buffer.from(await consumed.arrayBuffer()).equals(bytes)).toBe(true)
  })

  test('takes text as UTF-8 and finds its media type, and an empty payload too', async () => {
    const { imnot } = await open()
    expect(await imnot.payloads.set('acme', 'charges', '{"name":"Zoë"}')).toMatchObject({
      content_type: 'application/json',
      bytes: 15,
    })
    expect(await imnot.payloads.inspect('acme', 'charges')).toMatchObject({
      payload: { name: 'Zoë' },
      updated_at: time,
    })
    await imnot.payloads.set('acme', 'charges', new Uint8Array(0), { contentType: 'text/plain' })
    expect(await imnot.payloads.get('acme', 'charges')).toEqual({ body: new Uint8Array(0), contentType: 'text/plain' })
  })

  test('lists the payloads of exactly one scope, and deletes them', async () => {
    const { imnot } = await open()
    const session = await imnot.sessions.create()
    await imnot.payloads.set('acme', 'charges', '1')
    await session.payloads.set('acme', 'jobs', '{"mine":true}')
    const mine = { partner: 'acme', datapoint: 'jobs', session_id: session.id, bytes: 13, updated_at: time }
    expect(await session.payloads.list()).toMatchObject([mine])
    expect(await imnot.payloads.list()).toMatchObject([{ datapoint: 'charges', session_id: null, bytes: 1 }])
    await session.payloads.delete('acme', 'jobs')
    expect(await session.payloads.list()).toEqual([])
    expect(await refused(session.payloads.get('acme', 'jobs'))).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(await imnot.payloads.list()).toHaveLength(1)
  })

  test('keeps payloads for values of path parameters, with a status and headers of their own', async () => {
    const { imnot } = await open()
    const params = { id: 'a/b' }
    await imnot.payloads.set('acme', 'charges', '"any"')
    const stored = await imnot.payloads.set('acme', 'charges', '"one"', {
      params,
      status: 503,
      headers: { 'Retry-After': '30', 'X-Reason': 'a, b' },
    })
    const headers = [
      ['Retry-After', '30'],
      ['X-Reason', 'a, b'],
    ]
    expect(stored).toMatchObject({ params, status: 503, headers })
    expect(await imnot.payloads.inspect('acme', 'charges', { params })).toMatchObject({
      params,
      headers,
    })
    expect(new TextDecoder().decode((await imnot.payloads.get('acme', 'charges', { params })).body)).toBe('"one"')
    const answer = await imnot.fetch('/v1/charges/a%2Fb')
    expect([answer.status, answer.headers.get('x-reason'), await answer.text()]).toEqual([503, 'a, b', '"one"'])
    expect(await (await imnot.fetch('/v1/charges/c')).text()).toBe('"any"')
    await imnot.payloads.delete('acme', 'charges', { params })
    expect(await (await imnot.fetch('/v1/charges/a%2Fb')).text()).toBe('"any"')
  })

  test('refuses with the sentence of the server and a stable code', async () => {
    const { imnot } = await open()
    const noDatapoint = await refused(imnot.payloads.set('acme', 'nope', '1'))
    expect(noDatapoint).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    expect(noDatapoint.message).toContain('There is no datapoint acme/nope')
    const broken = await refused(imnot.payloads.set('acme', 'charges', '{"a":', { contentType: 'application/json' }))
    expect(broken).toMatchObject({ code: 'REQUEST_INVALID', status: 400 })
    expect(broken.message).toContain('not well-formed JSON')
    await imnot.payloads.set('acme', 'charges', '{"a":', { contentType: 'application/json', verbatim: true })
    const noFlow = await refused(imnot.flows.get('x'))
    expect(noFlow).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining("Flow 'x' not found") })
    const wrongTtl = await refused(imnot.sessions.create({ ttl: 'soon' }))
    expect(wrongTtl).toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('ttl must be') })
  })

  test('gives each session a world of its own, reached in four ways', async () => {
    const { imnot } = await open()
    await imnot.payloads.set('acme', 'charges', '"everybody"')
    const session = await imnot.sessions.create({ label: 'INT-4211' })
    const other = await imnot.sessions.create({ isolated: true })
    await session.payloads.set('acme', 'charges', '"mine"')
    const read = async (response: Promise<Response>) => (await response).text()
    expect(await read(session.fetch('/v1/charges'))).toBe('"mine"')
    expect(await read(session.fetch(new URL('https://api.acme.example/v1/charges')))).toBe('"mine"')
    expect(await read(imnot.fetch('/v1/charges', { headers: session.headers }))).toBe('"mine"')
    expect(await read(imnot.fetch(`${session.baseUrl}/v1/charges`))).toBe('"mine"')
    expect(await read(imnot.fetch('/v1/charges'))).toBe('"everybody"')
    expect((await other.fetch('/v1/charges')).status).toBe(404)
    expect(new URL(session.baseUrl)).toMatchObject({ pathname: `/imnot/s/${session.id}` })
  })

  test('reports how a consumer has behaved, with the requests that show it', async () => {
    const { imnot } = await open()
    const session = await imnot.sessions.create()
    await session.payloads.set('acme', 'jobs', '1')
    const submitted = await session.fetch('/v1/jobs', { method: 'POST' })
    const job = submitted.headers.get('location') ?? ''
    for (let poll = 0; poll < 4; poll++) await session.fetch(job)
    const report = await session.report()
    expect(report).toMatchObject({ session_id: session.id, verdict: 'violated', requests: 5, dropped: 0 })
    const violated = report.rules.filter(({ verdict }) => verdict === 'violated')
    expect(violated.map(({ rule }) => rule)).toEqual(['polls-after-final'])
    const polls = (await session.requests.list({ limit: 4 })).map(({ id }) => id)
    expect(violated[0]?.findings[0]?.requests).toEqual(polls.reverse())
    const hasty = await imnot.report({ pollInterval: '1h' })
    expect(hasty.rules.filter(({ verdict }) => verdict === 'violated').map(({ rule }) => rule)).toContain(
      'polling-interval',
    )
    expect(await refused(session.report({ pollInterval: 'soon' }))).toMatchObject({ code: 'REQUEST_INVALID' })
  })

  test('copies a session, writes it as a file and makes it of that again', async () => {
    const { imnot } = await open()
    const session = await imnot.sessions.create({ label: 'INT-4211' })
    await session.clock.advance('2d')
    for (const { bytes, type } of oddBytes.slice(1, 2))
      await session.payloads.set('acme', 'charges', bytes, { contentType: type })
    const file = await session.export()
    const copy = await imnot.sessions.create({ from: 'INT-4211' })
    const bytesOf = async (one: typeof session) => Buffer.from((await one.payloads.get('acme', 'charges')).body)
    expect((await bytesOf(copy)).equals(await bytesOf(session))).toBe(true)
    const taken = await refused(imnot.sessions.import(file))
    expect(taken).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('INT-4211') })
    await session.delete()
    const again = await imnot.sessions.import(file)
    expect(again).toMatchObject({ id: session.id, label: 'INT-4211', token: expect.any(String) })
    expect((await bytesOf(again)).equals(oddBytes[1]?.bytes ?? Buffer.alloc(0))).toBe(true)
    expect((await again.clock.get()).offset_ms).toBeGreaterThan(172_000_000)
    const broken = await refused(imnot.sessions.import(file.subarray(0, file.length - 20)))
    expect(broken).toMatchObject({ code: 'REQUEST_INVALID', message: expect.stringContaining('export') })
  })

  test('binds a session to the credentials that a consumer sends anyway', async () => {
    const { imnot } = await open()
    const session = await imnot.sessions.create({
      label: 'INT-4211',
      bind: { clientId: 'acme-7', apiKey: ['sk_test_4211_secret', 'k2'], host: 'int-4211.mock.test' },
    })
    expect((await session.inspect()).bindings).toEqual([
      { kind: 'client_id', value: 'acme-7' },
      { kind: 'api_key', value: 'sk_t…' },
      { kind: 'api_key', value: '…' },
      { kind: 'host', value: 'int-4211.mock.test' },
    ])
    await session.payloads.set('acme', 'charges', '"mine"')
    const sent = { authorization: 'Bearer sk_test_4211_secret' }
    expect(await (await imnot.fetch('/v1/charges', { headers: sent })).text()).toBe('"mine"')
    expect((await imnot.fetch('/v1/charges')).status).toBe(404)
    const taken = await refused(imnot.sessions.create({ bind: { clientId: 'acme-7' } }))
    expect(taken).toMatchObject({ code: 'CONFLICT', status: 409, message: expect.stringContaining('INT-4211') })
  })

  test('takes a label wherever an id is taken', async () => {
    const { imnot } = await open()
    const { id } = await imnot.sessions.create({ label: 'INT 4211 é' })
    const again = await imnot.sessions.get('INT 4211 é')
    expect(again).toMatchObject({ id, label: 'INT 4211 é', token: null, info: { session_id: id, created_at: time } })
    await again.fetch('/v1/jobs', { method: 'POST' })
    expect(await imnot.flows.list({ session: 'INT 4211 é' })).toMatchObject([{ session_id: id }])
    expect(await imnot.flows.list({ session: null })).toEqual([])
    expect(await imnot.deliveries.list({ session: 'INT 4211 é' })).toEqual([])
    const taken = await refused(imnot.sessions.create({ label: 'INT 4211 é' }))
    expect(taken).toMatchObject({ code: 'CONFLICT', status: 409, message: expect.stringContaining(id) })
    await imnot.sessions.delete('INT 4211 é')
    expect(await refused(imnot.sessions.get('INT 4211 é'))).toMatchObject({ code: 'NOT_FOUND' })
    expect(await imnot.sessions.list()).toEqual([])
  })

  test('follows a flow that a consumer started by a request of its own making', async () => {
    const { imnot } = await open()
    const session = await imnot.sessions.create()
    const body = JSON.stringify({ room: 'twin' })
    const submit = new Request('https://api.acme.example/v1/jobs', { method: 'POST', body })
    const id = (await session.fetch(submit)).headers.get('location')?.split('/').at(-1) ?? ''
    const flow = { id, partner: 'acme', datapoint: 'jobs', session_id: session.id, steps_done: [1], created_at: time }
    expect(await session.flows.list()).toMatchObject([flow])
    expect(await session.flows.get(id)).toMatchObject(flow)
    expect(await imnot.flows.get(id, { partner: 'acme' })).toMatchObject(flow)
    expect(await session.flows.list({ partner: 'other' })).toEqual([])
    const stranger = await imnot.sessions.create()
    expect(await stranger.flows.list()).toEqual([])
    expect(await refused(stranger.flows.get(id))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('shows callbacks with every attempt, and owes one again', async () => {
    const { imnot } = await open()
    const received: string[] = []
    const receiver = createServer(async (request, response) => {
      let body = ''
      for await (const chunk of request) body += chunk
      received.push(body)
      response.end()
    })
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve))
    onTestFinished(() => void receiver.close())
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook`
    const session = await imnot.sessions.create()
    await session.payloads.set('acme', 'push', '{"rate":1}')
    const headers = { 'content-type': 'application/json' }
    const response = await session.fetch('/v1/push', { method: 'POST', headers, body: JSON.stringify({ url }) })
    const { request_id: id } = (await response.json()) as { request_id: string }
    const isDelivered = () =>
      expect(session.deliveries.list()).resolves.toMatchObject([{ id, status: 'delivered', url }])
    await vi.waitFor(isDelivered, 10_000)
    expect(await imnot.deliveries.get(id)).toMatchObject({
      session_id: session.id,
      attempts: [{ status: 200, at: time }],
    })
    await session.payloads.set('acme', 'push', '{"rate":2}')
    await imnot.deliveries.redeliver(id)
    await vi.waitFor(() => expect(received).toEqual(['{"rate":1}', '{"rate":1}']), 10_000)
    await vi.waitFor(isDelivered, 10_000)
    await imnot.deliveries.redeliver(id, { payload: 'current' })
    await vi.waitFor(() => expect(received.at(2)).toBe('{"rate":2}'), 10_000)
    expect(await imnot.deliveries.list({ session: null })).toEqual([])
    expect(await refused(imnot.deliveries.get('x'))).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('registers, replaces and removes a partner, as text or as an object', async () => {
    const { imnot } = await open()
    const endpoint = (body: string) => ({ method: 'GET', path: '/beta/status', response: { status: 200, body } })
    const beta = (body: string) => ({
      partner: 'beta',
      datapoints: [{ name: 'status', pattern: 'static', endpoints: [endpoint(body)] }],
    })
    expect(await imnot.partners.register(beta('one'))).toMatchObject({
      created: true,
      routes_added: ['GET /beta/status'],
    })
    expect(await (await imnot.fetch('/beta/status')).text()).toBe('one')
    const exists = await refused(imnot.partners.register(JSON.stringify(beta('two'))))
    expect(exists).toMatchObject({ code: 'CONFLICT', message: expect.stringContaining('?force=true') })
    expect(await imnot.partners.register(beta('two'), { force: true })).toMatchObject({ created: false })
    expect(await (await imnot.fetch('/beta/status')).text()).toBe('two')
    expect((await imnot.partners.list()).map(({ partner, source }) => [partner, source])).toEqual([
      ['beta', 'registered'],
      ['acme', 'file'],
    ])
    await imnot.partners.remove('beta')
    expect((await imnot.fetch('/beta/status')).status).toBe(404)
    expect(await refused(imnot.partners.remove('acme'))).toMatchObject({ code: 'CONFLICT' })
    expect(await imnot.partners.reload()).toMatchObject({
      status: 'ok',
      added: [],
      changed: [],
      removed: [],
      failed: [],
    })
  })

  test('names each fault of a bad definition with its place', async () => {
    const { imnot } = await open()
    const error = await refused(imnot.partners.register(acme.replace('pattern: fetch', 'pattern: fetsch')))
    expect(error).toMatchObject({ code: 'DEFINITION_INVALID', status: 422 })
    expect(error).toMatchObject({ details: { diagnostics: [{ file: 'partner.yaml', line: 4, column: 14 }] } })
    expect(error.message).toContain('partner.yaml:4:14')
  })

  test('the token of a session admits to that session alone', async () => {
    const { imnot, as } = await open()
    const session = await imnot.sessions.create()
    const other = await imnot.sessions.create({ label: 'other' })
    const holder = as(session.token ?? '')
    const mine = await holder.sessions.get(session.id)
    await mine.payloads.set('acme', 'charges', '"mine"')
    expect(await holder.payloads.list()).toMatchObject([{ session_id: session.id }])
    expect(await imnot.payloads.list()).toEqual([])
    await mine.fetch('/v1/jobs', { method: 'POST' })
    await other.fetch('/v1/jobs', { method: 'POST' })
    expect(await holder.flows.list()).toHaveLength(1)
    const others = [refused(holder.sessions.get('other')), refused(holder.sessions.delete(other.id))]
    for (const call of others) expect(await call).toMatchObject({ code: 'NOT_FOUND', status: 404 })
    const { list } = holder.flows
    const beyond = [
      refused(list({ session: other.id })),
      refused(holder.sessions.list()),
      refused(holder.partners.list()),
      refused(holder.partners.reload()),
    ]
    for (const call of beyond) expect(await call).toMatchObject({ code: 'NOT_ALLOWED', status: 403 })
    await mine.delete()
    expect(await refused(holder.payloads.list())).toMatchObject({ code: 'NOT_ALLOWED', status: 401 })
    expect(await refused(as(undefined).sessions.list())).toMatchObject({ code: 'NOT_ALLOWED', status: 401 })
    expect(await as(adminKey).sessions.list()).toMatchObject([{ session_id: other.id }])
  })

  test('a session that goes out of scope is deleted with everything in it', async () => {
    const { imnot } = await open()
    let id = ''
    {
      await using session = await imnot.sessions.create()
      id = session.id
      await session.payloads.set('acme', 'charges', '1')
      await session.fetch('/v1/jobs', { method: 'POST' })
    }
    expect(await imnot.sessions.list()).toEqual([])
    expect(await imnot.flows.list()).toEqual([])
    expect((await imnot.fetch('/v1/charges', { headers: { 'x-imnot-session': id } })).status).toBe(404)
    await using gone = await imnot.sessions.create()
    await gone.delete()
    expect(await refused(gone.inspect())).toMatchObject({ code: 'NOT_FOUND' })
  })

  test('deletes all sessions at once, and leaves what is global', async () => {
    const { imnot } = await open()
    await imnot.payloads.set('acme', 'charges', '1')
    for (const label of ['a', 'b', 'c']) await imnot.sessions.create({ label })
    expect(await imnot.sessions.deleteAll()).toBe(3)
    expect(await imnot.sessions.list()).toEqual([])
    expect(await imnot.payloads.list()).toHaveLength(1)
  })

  test('advances, freezes and resets the clock of a session, and leaves the global one alone', async () => {
    const { imnot } = await open()
    const { id, clock } = await imnot.sessions.create()
    const advanced = await clock.advance('2h', { settle: true })
    expect(advanced).toMatchObject({ session_id: id, now: time, frozen: false, applied: 0 })
    expect(advanced.offset_ms).toBeGreaterThanOrEqual(7_200_000)
    expect(await clock.freeze()).toMatchObject({ frozen: true })
    expect(await clock.unfreeze()).toMatchObject({ frozen: false })
    expect(await clock.reset()).toMatchObject({ offset_ms: 0 })
    expect(await imnot.clock.get()).toMatchObject({ session_id: null, offset_ms: 0 })
    expect(await refused(clock.advance('soon'))).toMatchObject({ code: 'REQUEST_INVALID' })
  })

  test('lists, verifies and follows the requests of one session', async () => {
    const { imnot } = await open()
    const session = await imnot.sessions.create()
    const ended = new AbortController()
    const followed = (async () => {
      const urls: string[] = []
      for await (const { url, session_id } of session.requests.follow({ partner: 'acme', signal: ended.signal })) {
        urls.push(`${url} ${session_id}`)
        if (urls.length === 2) ended.abort()
      }
      return urls
    })()
    // The stream is there once something of it has come; what comes before is not told.
    const seen = () => session.requests.list().then((list) => list.length)
    await imnot.fetch('/v1/charges?of=nobody')
    const headers = { 'content-type': 'application/json' }
    await session.fetch('/v1/jobs?n=1', { method: 'POST', headers, body: '{"a":{"b":2}}' })
    await expect.poll(seen, { timeout: 5000 }).toBe(1)
    await session.fetch('/v1/charges?n=2')
    const first = await session.requests.list()
    expect(first).toMatchObject([
      { url: '/v1/charges?n=2', refused_by: 'no_payload' },
      { status: 202, step: 1 },
    ])
    expect(await session.requests.verify({ method: 'POST', body: { 'a.b': 2 }, count: 1 })).toEqual({ count: 1 })
    const failure = await refused(session.requests.verify({ path: '/v1/jobs', method: 'DELETE' }))
    expect(failure).toMatchObject({ code: 'VERIFICATION_FAILED', status: 417 })
    expect(failure.message).toContain('The nearest is POST /v1/jobs?n=1: method is "POST", not "DELETE".')
    expect(await imnot.requests.page({ session: null })).toMatchObject({
      requests: [{ url: '/v1/charges?of=nobody' }],
      dropped: 0,
    })
    expect(await followed).toEqual([`/v1/jobs?n=1 ${session.id}`, `/v1/charges?n=2 ${session.id}`])
    expect(await refused(imnot.requests.list({ status: 'odd' }))).toMatchObject({ code: 'REQUEST_INVALID' })
  })
})
