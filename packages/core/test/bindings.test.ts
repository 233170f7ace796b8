import { Buffer } from 'node:buffer'
import { describe, expect, test } from 'vitest'
import { memoryStorage, type Storage } from '../src/index.ts'
import { countingStorage } from './support/counting-storage.ts'
import { manualClock } from './support/manual-clock.ts'
import { type StartOptions, startEngine } from './support/start-engine.ts'

const shop = `partner: shop
datapoints:
  - { name: hello, pattern: static, endpoints: [{ method: [GET, POST], path: /hello, response: { body: { session: "{{ session.label }}" } } }] }
  - { name: fixed, pattern: static, endpoints: [{ method: GET, path: /fixed, response: { body: { ok: true } } }] }
  - { name: token, pattern: oauth, endpoints: [{ method: POST, path: /token }] }
  - { name: bill, pattern: fetch, endpoints: [{ method: GET, path: /bill }] }
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/jobs/{id}", response: { body: { session: "{{ session.label }}" } } }
`

const form = { 'content-type': 'application/x-www-form-urlencoded' }
const basic = (user: string, password = 'pw') => ({
  authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`,
})

async function start(storage: Storage = memoryStorage(), options: StartOptions = {}) {
  const running = await startEngine({ yaml: shop, storage, ...options })
  const create = (body: object) =>
    running.admin('POST', '/imnot/admin/sessions', { body: JSON.stringify(body) }).then(({ json, status }) => {
      expect(status).toBe(201)
      return json
    })
  const whose = async (headers: Record<string, string>, path = '/hello') =>
    ((await (await running.call('GET', path, { headers })).json()) as { session?: string }).session ?? null
  const requests = async (query = '') => (await running.admin('GET', `/imnot/admin/requests${query}`)).json.requests
  return { ...running, create, whose, requests }
}

describe('a request belongs to the session that is bound to', () => {
  test.each([
    ['an API key in a header', { api_key: 'k-4211-secret' }, { 'x-api-key': 'k-4211-secret' }, ''],
    ['an API key in the query', { api_key: 'k-4211-secret' }, {}, '?api_key=k-4211-secret'],
    ['an API key as Bearer token', { api_key: 'sk_test_4211' }, { authorization: 'Bearer sk_test_4211' }, ''],
    ['an API key with no scheme', { api_key: 'sk_test_4211' }, { authorization: 'sk_test_4211' }, ''],
    ['an API key as the user of Basic', { api_key: 'sk_test_4211' }, basic('sk_test_4211', ''), ''],
    ['an API key as the password of Basic', { api_key: 'sk_test_4211' }, basic('any', 'sk_test_4211'), ''],
    ['the user of Basic', { basic: 'tester-7' }, basic('tester-7'), ''],
    ['the client id that Basic shows', { client_id: 'acme test 7' }, basic('acme+test%207'), ''],
    ['a client id in the query', { client_id: 'acme-7' }, {}, '?client_id=acme-7'],
    ['the host', { host: 'INT-4211.mock.example' }, { host: 'int-4211.mock.example:8000' }, ''],
    ['the host with its port', { host: 'mock.example:8000' }, { host: 'mock.example:8000' }, ''],
    ['one of several', { api_key: ['other', 'k-4211-secret'] }, { 'x-auth-token': 'k-4211-secret' }, ''],
  ])('%s', async (_what, bind, headers, query) => {
    const { create, whose } = await start()
    await create({ label: 'other', bind: { client_id: 'nobody' } })
    await create({ label: 'mine', bind })
    expect(await whose(headers, `/hello${query}`)).toBe('mine')
    expect(await whose({})).toBe(null)
    expect(await whose({ 'x-api-key': 'another', ...basic('another') })).toBe(null)
  })

  test('the client id of a form that asks for a token', async () => {
    const { create, call, requests } = await start()
    const { session_id } = await create({ bind: { client_id: 'acme-7' } })
    await call('POST', '/token', { headers: form, body: 'grant_type=client_credentials&client_id=acme-7' })
    await call('POST', '/token', { headers: form, body: 'grant_type=client_credentials&client_id=acme-8' })
    const list = await requests()
    expect(
      list.map((entry: { session_id: string; session_by: string }) => [entry.session_id, entry.session_by]),
    ).toEqual([
      [null, null],
      [session_id, 'client_id'],
    ])
  })

  test('the client that its token was given to, and what carries the token', async () => {
    const { create, call, whose, requests } = await start()
    const { session_id } = await create({ label: 'mine', bind: { client_id: 'acme-7' } })
    const given = await call('POST', '/token', { headers: basic('acme-7') })
    const { access_token } = (await given.json()) as { access_token: string }
    expect(await whose({ authorization: `Bearer ${access_token}` })).toBe('mine')
    expect(await requests(`?session=${session_id}`)).toMatchObject([
      { session_by: 'token' },
      { session_by: 'client_id' },
    ])
  })

  test('a credential, before the flow and after header and base URL, and the journal says which', async () => {
    const { create, call, whose, requests } = await start()
    const one = await create({ label: 'one', bind: { api_key: 'k-1' } })
    const two = await create({ label: 'two', bind: { host: 'two.test' } })
    const { id } = (await (await call('POST', '/jobs', { headers: { 'x-api-key': 'k-1' } })).json()) as { id: string }
    expect(await whose({}, `/jobs/${id}`)).toBe('one')
    // Where two of its credentials are bound, the one that says more decides.
    expect(await whose({ host: 'two.test', 'x-api-key': 'k-1' }, `/jobs/${id}`)).toBe('one')
    expect((await call('GET', `/jobs/${id}`, { headers: { host: 'two.test' } })).status).toBe(404)
    expect(await whose({ 'x-api-key': 'k-1', 'x-imnot-session': two.session_id })).toBe('two')
    expect(await whose({ 'x-api-key': 'k-1' }, `${two.base_url}/hello`)).toBe('two')
    const list = await requests()
    expect(list.map((entry: { session_by: string }) => entry.session_by).reverse()).toEqual([
      'api_key',
      'flow',
      'api_key',
      'host',
      'header',
      'prefix',
    ])
    expect(list[0].session_id).toBe(two.session_id)
    expect(list.at(-1).session_id).toBe(one.session_id)
  })

  test('a credential, also where the answer is fixed and is told only in the journal', async () => {
    const { create, call, requests } = await start()
    const { session_id } = await create({ bind: { api_key: 'k-1' } })
    await call('GET', '/fixed', { headers: { 'x-api-key': 'k-1' } })
    expect(await requests(`?session=${session_id}`)).toMatchObject([{ session_by: 'api_key', url: '/fixed' }])
  })

  test('a credential on another node, in the moment after it was bound there', async () => {
    const storage = memoryStorage()
    const options = { storage, clock: manualClock() }
    const [a, b] = [await start(storage, options), await start(storage, options)]
    expect(await b.whose({ 'x-api-key': 'k-1' })).toBe(null)
    const { session_id } = await a.create({ label: 'one', bind: { api_key: 'k-1' } })
    const upload = { body: '"mine"', headers: { 'content-type': 'application/json', 'x-imnot-session': session_id } }
    await a.admin('POST', '/imnot/admin/shop/bill/payload', upload)
    expect(await (await b.call('GET', '/bill', { headers: { 'x-api-key': 'k-1' } })).text()).toBe('"mine"')
    await a.admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    expect(await b.whose({ 'x-api-key': 'k-1' })).toBe(null)
    await a.create({ label: 'two', bind: { api_key: 'k-1' } })
    expect(await b.whose({ 'x-api-key': 'k-1' })).toBe('two')
  })
})

test('a credential that is bound lets in where the endpoint asks for one, and a host name does not', async () => {
  const guarded = `partner: guarded
datapoints:
  - name: rates
    pattern: static
    endpoints: [{ method: GET, path: /rates, auth: { api_key: { header: X-Api-Key, value: the-partners-own } }, response: { body: [] } }]
`
  const { create, call } = await start(memoryStorage(), { yaml: guarded })
  const status = async (headers: Record<string, string>) => (await call('GET', '/rates', { headers })).status
  await create({ bind: { api_key: 'k-1', basic: 'tester', host: 'a.test' } })
  expect(await status({ 'x-api-key': 'the-partners-own' })).toBe(200)
  expect(await status({ 'x-api-key': 'k-1' })).toBe(200)
  expect(await status(basic('tester'))).toBe(200)
  expect(await status({ 'x-api-key': 'k-2' })).toBe(401)
  expect(await status({ host: 'a.test' })).toBe(401)
})

test('a request follows a credential also where its node hears of the first binding while it reads', async () => {
  const storage = memoryStorage()
  const clock = manualClock()
  let whileReading = async () => {}
  const slow: Storage = {
    ...storage,
    async get(keys, options) {
      const records = await storage.get(keys, options)
      if (keys.some((key) => key.includes('/payload/'))) await whileReading()
      return records
    },
  }
  const [a, b] = [await start(storage, { clock }), await start(slow, { clock })]
  const { session_id } = await a.create({ bind: { api_key: 'k-1' } })
  await a.admin('POST', '/imnot/admin/shop/bill/payload', {
    body: '"mine"',
    headers: { 'content-type': 'application/json', 'x-imnot-session': session_id },
  })
  // Time for the node to look for changes.
  whileReading = () => clock.advance(300)
  expect(await (await b.call('GET', '/bill', { headers: { 'x-api-key': 'k-1' } })).text()).toBe('"mine"')
})

describe('binding a credential', () => {
  test('that is bound is refused and names the session that has it, until that is gone', async () => {
    const { create, admin } = await start()
    const { session_id } = await create({ label: 'INT-1', bind: { client_id: 'acme-7', api_key: 'sk_test_123456' } })
    const again = (bind: object) =>
      admin('POST', '/imnot/admin/sessions', { body: JSON.stringify({ label: 'INT-2', bind }) })
    const taken = await again({ host: 'new.test', client_id: ['free', 'acme-7'] })
    expect(taken).toMatchObject({ status: 409, json: { session_id } })
    expect(taken.json.detail).toContain(`The client_id "acme-7" is bound to the session "INT-1" (${session_id})`)
    const key = await again({ api_key: 'sk_test_123456' })
    expect(key.json.detail).toContain('The api_key "sk_t…" is bound')
    // Nothing of what was refused is kept.
    expect((await again({ host: 'new.test', client_id: 'free' })).status).toBe(201)
    await admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    await create({ bind: { client_id: 'acme-7' } })
  })

  test('that an expired session had is taken over before anybody has swept it up', async () => {
    const clock = manualClock()
    const { create, whose } = await start(memoryStorage({ now: clock.now }), { clock, background: false })
    await create({ label: 'old', ttl: '1m', bind: { api_key: 'k-1' } })
    await clock.advance(61_000)
    expect(await whose({ 'x-api-key': 'k-1' })).toBe(null)
    await create({ label: 'new', bind: { api_key: 'k-1' } })
    expect(await whose({ 'x-api-key': 'k-1' })).toBe('new')
  })

  test('to two sessions at once succeeds for one', async () => {
    const { admin } = await start()
    const body = JSON.stringify({ bind: { api_key: 'k-1' } })
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => admin('POST', '/imnot/admin/sessions', { body })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([201, ...Array.from({ length: 9 }, () => 409)])
  })

  test('shows it, and a secret only by its first characters; the storage holds no secret', async () => {
    const storage = memoryStorage()
    const { create, admin } = await start(storage)
    const { session_id } = await create({
      bind: { client_id: 'acme-7', api_key: ['sk_test_4211_abcdef', 'short'], basic: 'me', host: 'A.test' },
    })
    expect((await admin('GET', `/imnot/admin/sessions/${session_id}`)).json.bindings).toEqual([
      { kind: 'client_id', value: 'acme-7' },
      { kind: 'api_key', value: 'sk_t…' },
      { kind: 'api_key', value: '…' },
      { kind: 'basic', value: 'me' },
      { kind: 'host', value: 'a.test' },
    ])
    const records = JSON.stringify(await storage.list('', { bodies: true }))
    expect(records).not.toContain('4211_abcdef')
    expect(records).not.toContain('short')
    await admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    expect(await storage.list('binding/')).toEqual([])
  })

  test.each([
    [{ cookie: 'x' }, 'A session cannot be bound to "cookie"; it can to client_id, api_key, basic, host.'],
    [{ api_key: '' }, 'bind.api_key must be an API key'],
    [{ host: 'https://a.test' }, 'bind.host must be a host name'],
    ['acme-7', 'bind must be an object'],
  ])('%j is refused in one sentence', async (bind, sentence) => {
    const { admin } = await start()
    const answer = await admin('POST', '/imnot/admin/sessions', { body: JSON.stringify({ bind }) })
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringContaining(sentence)])
  })
})

test('costs nothing where nothing is bound, and one read where a credential was met before', async () => {
  const counting = countingStorage(memoryStorage())
  const { call, create, requests } = await start(counting.storage, { background: false })
  const headers = { 'x-api-key': 'k-1', host: 'a.test' }
  const count = async (path: string, method = 'GET') => {
    counting.reset()
    await call(method, path, { headers })
    return [counting.counts.get, counting.counts.write]
  }
  expect(await count('/fixed')).toEqual([0, 0])
  expect(await count('/jobs', 'POST')).toEqual([1, 1])
  const { session_id } = await create({ bind: { api_key: 'k-1' } })
  await call('GET', '/bill', { headers })
  await call('GET', '/bill', { headers })
  expect(await count('/bill')).toEqual([1, 0])
  expect(await count('/jobs', 'POST')).toEqual([1, 1])
  expect((await requests(`?session=${session_id}`)).length).toBe(4)
})
