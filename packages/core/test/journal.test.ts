import { describe, expect, test } from 'vitest'
import { encrypted, memoryStorage, type Storage } from '../src/index.ts'
import { seed } from './support/seed.ts'
import { startEngine } from './support/start-engine.ts'

const shop = `partner: shop
datapoints:
  - { name: hello, pattern: static, endpoints: [{ method: [GET, POST], path: /hello, response: { body: { ok: true } } }] }
  - { name: token, pattern: oauth, endpoints: [{ method: POST, path: /token }] }
  - { name: bill, pattern: fetch, endpoints: [{ method: GET, path: "/bills/{id}" }] }
`
/** What must come, and what after it. */
const followed = (fields: object, after: unknown) => ({ ...fields, ...Object.fromEntries([['then', after]]) })

const json = { 'content-type': 'application/json' }

async function start(storage: Storage = memoryStorage(), options: object = {}) {
  const running = await startEngine({ yaml: [seed, shop], storage, ...options })
  const requests = async (query = '') => (await running.admin('GET', `/imnot/admin/requests${query}`)).json
  const verify = async (body: unknown) =>
    running.admin('POST', '/imnot/admin/requests/verify', { body: JSON.stringify(body) })
  const create = async (label?: string) =>
    (await running.admin('POST', '/imnot/admin/sessions', { body: JSON.stringify({ label }) })).json
      .session_id as string
  const submit = async (headers: Record<string, string> = {}) =>
    (await running.call('POST', '/external/jobs', { headers })).headers.get('location') ?? ''
  return { ...running, requests, verify, create, submit }
}

describe('the journal', () => {
  test('tells of each request what it was, what answered it and how, newest first', async () => {
    const { call, requests, submit } = await start()
    await call('POST', '/hello?page=2', { body: '{"a":1}', headers: { ...json, 'x-trace': 't1' } })
    const job = await submit()
    await call('GET', job)
    const { requests: list, dropped } = await requests()
    expect(dropped).toBe(0)
    expect(list.map((entry: { method: string; url: string }) => `${entry.method} ${entry.url}`)).toEqual([
      `GET ${job}`,
      'POST /external/jobs',
      'POST /hello?page=2',
    ])
    const [refused, submitted, hello] = list
    expect(refused).toMatchObject({ status: 409, step: 3, refused_by: 'out_of_order', flow_id: job.split('/').at(-1) })
    expect(submitted).toMatchObject({ status: 202, step: 1, refused_by: null, flow_id: refused.flow_id })
    expect(hello).toMatchObject({
      partner: 'shop',
      datapoint: 'hello',
      endpoint: '/hello',
      session_id: null,
      session_by: null,
      status: 200,
      request: { body: { text: '{"a":1}', bytes: 7, truncated: false } },
      response: { body: { text: '{"ok":true}' } },
    })
    expect(hello.request.headers).toContainEqual(['x-trace', 't1'])
  })

  test('tells which rule chose the session', async () => {
    const { call, create, requests, submit } = await start()
    const session = await create('INT-1')
    const job = await submit({ 'x-imnot-session': session })
    await call('HEAD', job)
    await call('GET', `/imnot/s/${session}/hello`)
    const { requests: list } = await requests('?session=INT-1')
    expect(list.map((entry: { session_by: string }) => entry.session_by)).toEqual(['prefix', 'flow', 'header'])
    expect((await requests('?session=')).requests).toEqual([])
  })

  test('keeps the nearest routes of an unmatched request and the reason of each, in its own list too', async () => {
    const { call, requests } = await start()
    const missed = (await (await call('GET', '/external/job/7')).json()) as { nearest: unknown }
    await call('GET', '/hello')
    const { requests: list } = await requests('?unmatched=true')
    expect(list).toHaveLength(1)
    expect(list[0]).toMatchObject({ partner: null, status: 404, refused_by: 'no_route', url: '/external/job/7' })
    expect(list[0].nearest).toEqual(missed.nearest)
    expect(list[0].nearest[0].reason).toContain('"jobs" where the request has "job"')
  })

  test.each([
    ['?partner=shop', 2],
    ['?partner=acme&datapoint=data-sync', 1],
    ['?status=404', 2],
    ['?status=4xx', 2],
    ['?status=2xx', 2],
    ['?unmatched=false', 3],
    ['?limit=1', 1],
  ])('is filtered by %s', async (query, count) => {
    const { call, requests, submit } = await start()
    await call('GET', '/hello')
    await call('GET', '/bills/1')
    await submit()
    await call('GET', '/nowhere')
    expect((await requests(query)).requests).toHaveLength(count)
  })

  test.each(['?status=abc', '?unmatched=perhaps', '?limit=0', '?limit=x', '?since=1'])(
    'refuses the filter %s',
    async (query) => {
      const { admin } = await start()
      expect((await admin('GET', `/imnot/admin/requests${query}`)).status).toBe(400)
    },
  )

  test('shows secrets as hashes: equal ones alike, others not, and none as it is', async () => {
    const { call, requests } = await start()
    const send = (secret: string) =>
      call('POST', `/hello?api_key=${secret}&page=1`, {
        body: `client_id=me&client_secret=${secret}`,
        headers: {
          authorization: `Bearer ${secret}`,
          cookie: `sid=${secret}; theme=dark`,
          'x-api-key': secret,
          'idempotency-key': 'plain-1',
          'content-type': 'application/x-www-form-urlencoded',
        },
      })
    await send('s3cr3t-one')
    await send('s3cr3t-one')
    await send('s3cr3t-two')
    await call('POST', '/token')
    const { requests: list } = await requests()
    const [token, ...hellos] = list
    expect(JSON.stringify(list)).not.toContain('s3cr3t')
    const authorizations = hellos.map((entry: { request: { headers: [string, string][] } }) =>
      new Map(entry.request.headers).get('authorization'),
    )
    expect(authorizations[0]).toMatch(/^Bearer hash:[0-9a-f]{16}$/)
    expect([authorizations[1] === authorizations[2], authorizations[0] === authorizations[1]]).toEqual([true, false])
    expect(JSON.stringify(hellos)).toContain('plain-1')
    expect(hellos[0].url).toMatch(/^\/hello\?api_key=hash:[0-9a-f]{16}&page=1$/)
    expect(token.response.body.text).toMatch(/"access_token":"hash:[0-9a-f]{16}","token_type"/)
  })

  test('keeps the beginning of a long body, and its length', async () => {
    const { admin, call, requests } = await start(memoryStorage(), { journal: { bodyBytes: 10 } })
    await admin('POST', '/imnot/admin/shop/bill/payload', { body: '[1,2,3,4,5,6,7,8]', headers: json })
    await call('GET', '/bills/1')
    expect((await requests()).requests[0].response.body).toEqual({ text: '[1,2,3,4,5', bytes: 17, truncated: true })
  })

  test('shows bytes that are no text in base64', async () => {
    const { call, requests } = await start()
    await call('POST', '/hello', { body: new Uint8Array([255, 0, 1]), headers: { 'content-length': '3' } })
    expect((await requests()).requests[0].request.body).toMatchObject({ base64: '/wAB', bytes: 3 })
  })

  test('ends with its session, and what comes for a session that is gone is told in none', async () => {
    const { admin, call, create, requests, storage } = await start()
    const session = await create()
    await call('GET', '/hello', { headers: { 'x-imnot-session': session } })
    expect((await requests(`?session=${session}`)).requests).toHaveLength(1)
    await call('GET', '/hello', { headers: { 'x-imnot-session': session } })
    await admin('DELETE', `/imnot/admin/sessions/${session}`)
    await call('GET', '/hello', { headers: { 'x-imnot-session': session } })
    const { requests: list } = await requests()
    expect(list).toMatchObject([{ status: 404, refused_by: 'no_session', session_id: null }])
    expect(await storage.list(`in/${session}/`)).toEqual([])
  })

  test('is shared by nodes and survives them, with what came and went sealed where bodies are', async () => {
    const storage = memoryStorage()
    const sealed = encrypted(storage, { key: 'ab'.repeat(32) })
    const [one, two] = [await start(sealed), await start(sealed)]
    await one.call('POST', '/hello', { body: '"guest Zoe"', headers: { ...json, 'content-length': '11' } })
    await one.engine.close()
    expect((await two.requests()).requests[0].request.body.text).toBe('"guest Zoe"')
    const records = await storage.list('global/journal/', { bodies: true })
    expect(records.length).toBeGreaterThan(0)
    expect(
      JSON.stringify(records.map(({ value, body }) => [value, Buffer.from(body ?? []).toString('latin1')])),
    ).not.toContain('Zoe')
  })

  test('keeps no more than its bounds', async () => {
    const { call, requests } = await start(memoryStorage(), { journal: { entries: 30 }, background: false })
    for (let index = 0; index < 100; index++) {
      await call('GET', `/hello?n=${index}`)
      await requests('?limit=1')
    }
    const { requests: list } = await requests()
    expect([list.length, list[0].url]).toEqual([30, '/hello?n=99'])
  })

  test('counts what comes too fast to be written down', async () => {
    const { call, requests, create } = await start(memoryStorage(), { background: false })
    const session = await create()
    await requests()
    for (let index = 0; index < 600; index++) await call('GET', '/hello')
    for (let index = 0; index < 10; index++) await call('GET', '/hello', { headers: { 'x-imnot-session': session } })
    const all = await requests('?limit=1000')
    expect([all.requests.length, all.dropped]).toEqual([500, 110])
  })

  test('can be off', async () => {
    const { admin, call, storage } = await start(memoryStorage(), { journal: false })
    await call('GET', '/hello')
    expect((await admin('GET', '/imnot/admin/requests')).json.detail).toContain('The journal is off')
    expect(await storage.list('global/journal/')).toEqual([])
  })

  test('is streamed to who follows it, from every node', async () => {
    const storage = memoryStorage()
    const [one, two] = [await start(storage), await start(storage)]
    const response = await one.engine.admin({
      method: 'GET',
      url: '/imnot/admin/requests/stream?partner=shop',
      headers: new Headers(),
      body: null,
    })
    expect(response.headers).toContain('text/event-stream')
    const events = (response.body as AsyncIterable<Uint8Array>)[Symbol.asyncIterator]()
    await events.next()
    await two.submit()
    await two.call('GET', '/hello?here=2')
    const text = new TextDecoder().decode((await events.next()).value)
    expect(text).toMatch(/^event: request\nid: [0-9a-f]{12}-[0-9a-z]+\ndata: \{.*\/hello\?here=2.*\}\n\n$/)
    await events.return?.()
  })
})

describe('verify', () => {
  async function played() {
    const running = await start()
    const job = await running.submit({ 'x-request': 'a' })
    await running.call('HEAD', job)
    await running.call('POST', '/hello?page=2', {
      body: '{"guest":{"name":"Zoe"},"nights":3}',
      headers: { ...json, 'content-length': '35' },
    })
    return { ...running, job }
  }

  test.each([
    [{ partner: 'acme', method: 'POST' }, 1],
    [{ partner: 'acme', count: 2 }, 2],
    [{ path: '/hello', query: { page: 2 }, body: { 'guest.name': 'Zoe', nights: { gte: 3 } } }, 1],
    [{ headers: { 'X-Request': { exists: true } }, count: { equals: 1 } }, 1],
    [{ status: { in: [201, 202] }, count: { gte: 2, lt: 3 } }, 2],
    [{ method: 'DELETE', count: 0 }, 0],
    [{ path: { matches: '^/(hello|bills)' }, body: { '$.guest.name': 'Zoe' } }, 1],
    [{ any: [{ method: 'HEAD' }, { body: { guest: { name: 'Zoe' } } }], count: 2 }, 2],
    [{ not: { partner: 'acme' }, count: 1 }, 1],
    [{ params: { id: { exists: true } }, method: 'HEAD' }, 1],
    [followed({ step: 1 }, [{ step: 2 }, { path: { contains: 'hel' } }]), 1],
  ])('%j holds', async (body, count) => {
    const { verify } = await played()
    expect(await verify(body).then(({ status, json }) => [status, json])).toEqual([200, { status: 'ok', count }])
  })

  test('asks an XML body by XPath', async () => {
    const { verify, call } = await start()
    const body = '<a:Read xmlns:a="urn:a"><a:Hotel>H1</a:Hotel></a:Read>'
    await call('POST', '/hello', { body, headers: { 'content-type': 'text/xml' } })
    expect((await verify({ body: { '//Hotel': 'H1' } })).status).toBe(200)
    expect((await verify({ body: { '//Hotel': 'H2' } })).json.detail).toContain('body.//Hotel is "H1", not "H2"')
  })

  test('says what came near and where it differs', async () => {
    const { verify } = await played()
    const failed = await verify({ method: 'POST', path: '/hello', body: { nights: 4 } })
    expect(failed.status).toBe(417)
    expect(failed.json).toMatchObject({
      count: 0,
      detail: expect.stringContaining('0 requests match, expected at least 1'),
    })
    expect(failed.json.detail).toContain('The nearest is POST /hello?page=2: body.nights is 3, not 4.')
    expect(failed.json.nearest[0]).toMatchObject({ url: '/hello?page=2', differs: ['body.nights is 3, not 4'] })
  })

  test('fails on more than were expected, and on another order', async () => {
    const { verify } = await played()
    expect((await verify({ partner: 'acme', count: { lte: 1 } })).json.detail).toContain(
      '2 requests match, expected at most 1',
    )
    const order = await verify(followed({ path: '/hello' }, [{ step: 1 }]))
    expect([order.status, order.json.detail]).toEqual([
      417,
      expect.stringContaining('No request after POST /hello?page=2 matches then[0]'),
    ])
  })

  test('sees one session alone where one is named, by id or label', async () => {
    const { verify, create, call } = await played()
    const session = await create('INT-9')
    await call('GET', '/hello', { headers: { 'x-imnot-session': session } })
    expect((await verify({ session: 'INT-9', count: 1 })).status).toBe(200)
    expect((await verify({ session: 'INT-9', partner: 'acme' })).status).toBe(417)
    expect((await verify({ session: 'nobody' })).status).toBe(404)
  })

  test('waits for what another node has answered just now', async () => {
    const storage = memoryStorage()
    const [one, two] = [await start(storage), await start(storage)]
    await two.call('GET', '/hello')
    expect((await one.verify({ path: '/hello', count: 1 })).status).toBe(200)
  })

  test('does not pass where requests were not written down', async () => {
    const { verify, call } = await start(memoryStorage(), { background: false })
    for (let index = 0; index < 501; index++) await call('GET', '/hello')
    const refused = await verify({ path: '/hello' })
    expect([refused.status, refused.json.dropped]).toEqual([417, 1])
  })

  test.each([
    [{ verb: 'POST' }, 'no "verb"'],
    [{ query: 5 }, 'object of names'],
    [{ any: [5] }, 'objects of fields'],
    [{ not: { verb: 'POST' } }, 'no "verb"'],
    [{ path: { matches: '(' } }, 'cannot be used'],
    [{ body: { '$[': 1 } }, 'is no JSONPath'],
    [{ status: { above: 3 } }, 'no operator "above"'],
    [{ count: 'many' }, 'count must be'],
    [{ count: { gte: -1 } }, 'count must be'],
    [followed({}, {}), 'then must be a list'],
    [followed({}, [5]), 'must be an object'],
    [{ session: 5 }, 'session must be'],
  ])('refuses %j in one sentence', async (body, detail) => {
    const { verify } = await start()
    const refused = await verify(body)
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining(detail)])
  })
})
