import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startEngine } from '../support/start-engine.ts'

const endpoint = (keys: string) => `partner: shop
datapoints:
  - name: orders
    pattern: static
    endpoints:
      - { method: [GET, POST], path: /orders, ${keys}, response: { body: { ok: true } } }
      - { method: GET, path: /others, ${keys}, response: { body: { ok: true } } }
`
const json = { 'content-type': 'application/json' }

async function start(keys: string, storage?: ReturnType<typeof memoryStorage>) {
  // At the beginning of a minute.
  const clock = manualClock(1_700_000_040_000)
  const kept = storage ?? memoryStorage({ now: clock.now })
  const running = await startEngine({ yaml: endpoint(keys), clock, storage: kept })
  const get = async (headers: Record<string, string> = {}, path = '/orders') => {
    const response = await running.call('GET', path, { headers })
    const told = ['limit', 'remaining', 'reset'].map((name) => response.headers.get(`ratelimit-${name}`))
    return { status: response.status, told: told.join('/'), retry: response.headers.get('retry-after') }
  }
  const session = async () =>
    (await running.admin('POST', '/imnot/admin/sessions', { body: '{}', headers: json })).json.session_id
  return { ...running, clock, get, session }
}

describe('rate_limit', () => {
  test('answers so many in a window, tells how many are left, and refuses the rest until the next window', async () => {
    const { get, clock, call } = await start('rate_limit: { limit: 2, per: 10s }')
    expect(await get()).toEqual({ status: 200, told: '2/1/10', retry: null })
    await clock.advance(3500)
    expect(await get()).toEqual({ status: 200, told: '2/0/7', retry: null })
    expect(await get()).toEqual({ status: 429, told: '2/0/7', retry: '7' })
    expect(await (await call('GET', '/orders')).json()).toMatchObject({ limit: 2, retry_after: 7 })
    expect(await get({}, '/others')).toMatchObject({ status: 200 })
    await clock.advance(6500)
    expect(await get()).toEqual({ status: 200, told: '2/1/10', retry: null })
  })

  test("goes by the session's clock, and each session is counted alone", async () => {
    const { get, session, admin } = await start('rate_limit: { requests_per_minute: 1 }')
    const [one, two] = [await session(), await session()]
    const of = (id: string) => ({ 'x-imnot-session': id })
    expect((await get(of(one))).status).toBe(200)
    expect((await get(of(one))).status).toBe(429)
    expect((await get(of(two))).status).toBe(200)
    await admin('POST', `/imnot/admin/sessions/${one}/clock`, { body: '{"advance":"1m"}', headers: json })
    expect((await get(of(one))).status).toBe(200)
    expect((await get(of(two))).status).toBe(429)
  })

  test('counts the requests of one credential together, and those of an address where none is sent', async () => {
    const { get } = await start('rate_limit: { limit: 1, per: 1m, by: token }')
    expect((await get({ authorization: 'Bearer a' })).status).toBe(200)
    expect((await get({ authorization: 'Bearer a' })).status).toBe(429)
    expect((await get({ authorization: 'Bearer b' })).status).toBe(200)
    expect((await get()).status).toBe(200)
    expect((await get()).status).toBe(429)
  })

  test('of: partner counts what all its endpoints are asked', async () => {
    const { get } = await start('rate_limit: { limit: 1, per: 1m, of: partner }')
    expect((await get()).status).toBe(200)
    expect((await get({}, '/others')).status).toBe(429)
  })

  test('two nodes on one storage count together, and no credential is kept as it is', async () => {
    const clock = manualClock(1_700_000_040_000)
    const storage = memoryStorage({ now: clock.now })
    const keys: string[] = []
    const watched = {
      ...storage,
      increment(key: string, options: Parameters<typeof storage.increment>[1]) {
        keys.push(key)
        return storage.increment(key, options)
      },
    }
    const limited = () => start('rate_limit: { limit: 20, per: 1m, by: token }', watched)
    const nodes = [await limited(), await limited()]
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => nodes[index % 2]?.get({ authorization: 'Bearer secret-token' })),
    )
    expect(answers.filter((answer) => answer?.status === 200)).toHaveLength(20)
    expect(answers.filter((answer) => answer?.status === 429)).toHaveLength(30)
    expect(keys.join()).not.toContain('secret-token')
  })
})

describe('body_limit', () => {
  test('a longer body is 413, whether its length is told or not; a larger limit takes more than the usual one', async () => {
    const { call, engine } = await start('body_limit: 10 B')
    const post = async (body: string) => (await call('POST', '/orders', { body, headers: json })).status
    expect(await post('1234567890')).toBe(200)
    expect(await post('12345678901')).toBe(413)
    const request = { method: 'POST', url: '/orders', headers: new Headers(json) }
    const match = engine.match('POST', '/orders', request.headers)
    if (match === null) throw new Error('no route')
    async function* chunks() {
      yield new Uint8Array(6)
      yield new Uint8Array(6)
    }
    expect((await engine.handle({ ...request, body: chunks() }, match)).status).toBe(413)
    const large = await start('body_limit: 3 MiB')
    expect((await large.call('POST', '/orders', { body: 'x'.repeat(2_000_000), headers: json })).status).toBe(200)
  })
})

describe('cors', () => {
  const preflight = {
    origin: 'https://a.test',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'x-a',
  }

  test('answers preflights and lets every origin read', async () => {
    const { call } = await start('cors: true, auth: { bearer: x }')
    const asked = await call('OPTIONS', '/orders', { headers: preflight })
    expect([asked.status, Object.fromEntries(asked.headers)]).toEqual([
      204,
      {
        'access-control-allow-origin': '*',
        'access-control-allow-methods': 'GET, POST',
        'access-control-allow-headers': 'x-a',
      },
    ])
    const refused = await call('GET', '/orders', { headers: { origin: 'https://a.test' } })
    expect([refused.status, refused.headers.get('access-control-allow-origin')]).toEqual([401, '*'])
  })

  test('lets in the origins that are named, with credentials, and no other', async () => {
    const { call } = await start(
      'cors: { origins: ["https://a.test"], credentials: true, expose: [X-Total], headers: [X-B], max_age: 1h }',
    )
    const asked = await call('OPTIONS', '/orders', { headers: preflight })
    expect(Object.fromEntries(asked.headers)).toEqual({
      vary: 'origin',
      'access-control-allow-origin': 'https://a.test',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET, POST',
      'access-control-allow-headers': 'X-B',
      'access-control-max-age': '3600',
    })
    const other = await call('GET', '/orders', { headers: { origin: 'https://b.test' } })
    expect(other.headers.get('access-control-allow-origin')).toBeNull()
    const own = await call('GET', '/orders', { headers: { origin: 'https://a.test' } })
    expect(own.headers.get('access-control-expose-headers')).toBe('X-Total')
  })

  test('without it there is no answer to a preflight', async () => {
    const { call } = await start('cors: false')
    expect((await call('OPTIONS', '/orders', { headers: preflight })).status).toBe(404)
    expect((await call('GET', '/orders')).headers.has('access-control-allow-origin')).toBe(false)
  })
})
