import { describe, expect, test } from 'vitest'
import { seed } from './support/seed.ts'
import { startEngine } from './support/start-engine.ts'

const key = 'a-key-of-at-least-24-characters'
const wildcards = `partner: wild
datapoints:
  - name: any
    pattern: static
    endpoints:
      - { method: GET, path: "/{a}/{b}/{c}", response: { body: mocked } }
      - { method: GET, path: "/{a}/{b}", response: { body: mocked } }
      - { method: GET, path: "/{rest*}", response: { body: mocked } }
`

/** A request as a host would hand it over, with a peer. */
async function ask(
  running: Awaited<ReturnType<typeof startEngine>>,
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
  remoteAddress: string | undefined = '127.0.0.1',
) {
  const match = running.engine.match(method, url, new Headers(headers))
  if (match === null) return 404
  const response = await running.engine.handle(
    { method, url, headers: new Headers(headers), body: null, remoteAddress },
    match,
  )
  return response.status
}

describe('with a key', () => {
  test.each([
    [{}, 401],
    [{ authorization: 'Bearer wrong' }, 401],
    [{ authorization: key }, 401],
    [{ authorization: 'Bearer ' }, 401],
    [{ authorization: `Basic ${key}` }, 401],
    [{ authorization: 'Bearer \xe9\xff' }, 401],
    [{ authorization: `Bearer ${key}` }, 200],
    [{ authorization: `bearer ${key}` }, 200],
    [{ authorization: 'Bearer the-second-key-of-24-characters' }, 200],
    [{ authorization: `Bearer ${key}`, origin: 'http://evil.example' }, 403],
    [{ authorization: `Bearer ${key}`, 'sec-fetch-site': 'cross-site' }, 403],
    [{ authorization: `Bearer ${key}`, origin: 'http://mock.test:8000', host: 'mock.test:8000' }, 200],
  ])('%j is answered %i', async (headers, status) => {
    const running = await startEngine({ adminKeys: [key, 'the-second-key-of-24-characters'] })
    expect(await ask(running, '/imnot/admin/partners', headers as Record<string, string>, 'GET', '203.0.113.7')).toBe(
      status,
    )
  })

  test('no spelling of an admin path is answered 200 without it, whatever the mocks are', async () => {
    const running = await startEngine({ yaml: wildcards, adminKeys: [key] })
    const spellings = [
      '/imnot/admin/partners',
      '/%69mnot/admin/partners',
      '/imnot/%61dmin/partners',
      '/IMNOT/admin/partners',
      '/Imnot/Admin/Partners',
      '/imnot/admin/partners/',
      '/imnot/admin/partners?x=1',
      '/imnot/admin/partners#x',
      'http://h/imnot/admin/partners',
      'HTTP://h/imnot/admin/partners',
      '/imnot',
      '/imnot/',
      '/imnot/unknown',
      '/imnot/admin',
      '/imnot%2Fadmin%2Fpartners',
      '/imnot/admin%2Fpartners',
    ]
    for (const url of spellings) expect([url, await ask(running, url)]).toEqual([url, 401])
    const others = [
      '//imnot/admin/partners',
      '/x/../imnot/admin/partners',
      '/imnot;x/admin/partners',
      '/imnot./admin/partners',
      '/imnot%00/admin/partners',
      '/%2569mnot/admin/partners',
    ]
    for (const url of others) {
      const match = running.engine.match('GET', url)
      expect([url, match === null ? 'mock' : match.kind]).toEqual([url, 'mock'])
    }
  })

  test('the session prefix never leads to the admin API', async () => {
    const running = await startEngine({ yaml: wildcards, adminKeys: [key] })
    const made = (await running.admin('POST', '/imnot/admin/sessions')).json
    for (const path of [
      '/imnot/admin/partners',
      '/%69mnot/admin/partners',
      '/IMNOT/admin/partners',
      '/healthz',
      '/imnot/docs',
    ]) {
      expect([path, await ask(running, made.base_url + path)]).toEqual([path, 404])
    }
  })

  test('health and docs need none', async () => {
    const running = await startEngine({ adminKeys: [key] })
    for (const url of ['/healthz', '/readyz', '/imnot/docs', '/imnot/docs/partners']) {
      expect([url, await ask(running, url, {}, 'GET', '203.0.113.7')]).toEqual([url, 200])
    }
  })

  test('a session token admits to the routes of its own session alone', async () => {
    const running = await startEngine({ yaml: seed, adminKeys: [key] })
    const own = (await running.admin('POST', '/imnot/admin/sessions', { body: '{"label":"own"}' })).json
    const other = (await running.admin('POST', '/imnot/admin/sessions')).json
    const headers = { authorization: `Bearer ${own.token}` }
    const payload = '/imnot/admin/acme/data-sync/payload'
    expect(await ask(running, payload, { ...headers, 'content-type': 'application/octet-stream' }, 'POST')).toBe(200)
    expect(await ask(running, payload, headers)).toBe(200)
    expect((await running.admin('GET', payload)).status).toBe(404)
    expect(await ask(running, `/imnot/admin/sessions/${own.session_id}`, headers)).toBe(200)
    expect(await ask(running, '/imnot/admin/flows', headers)).toBe(200)
    expect(await ask(running, `/imnot/admin/sessions/${other.session_id}`, headers)).toBe(404)
    expect(await ask(running, payload, { ...headers, 'x-imnot-session': other.session_id })).toBe(403)
    expect(await ask(running, `/imnot/admin/flows?session=${other.session_id}`, headers)).toBe(403)
    for (const url of ['/imnot/admin/partners', '/imnot/admin/sessions', '/imnot/admin/openapi.json']) {
      expect([url, await ask(running, url, headers)]).toEqual([url, 403])
    }
    expect(await ask(running, payload, { authorization: `Bearer ${own.token}x` })).toBe(401)
    await running.admin('DELETE', `/imnot/admin/sessions/${own.session_id}`)
    expect(await ask(running, payload, headers)).toBe(401)
  })
})

describe('without a key', () => {
  test.each([
    [{}, '127.0.0.1', 200],
    [{}, '::ffff:127.0.0.1', 200],
    [{}, '::1', 200],
    [{}, '192.168.1.5', 403],
    [{}, undefined, 403],
    [{ host: 'localhost:8000' }, '127.0.0.1', 200],
    [{ host: '[::1]:8000' }, '::1', 200],
    [{ host: 'evil.example' }, '127.0.0.1', 421],
    [{ host: '127.0.0.1.evil.example' }, '127.0.0.1', 421],
    [{ 'x-forwarded-for': '10.0.0.1' }, '127.0.0.1', 403],
    [{ forwarded: 'for=10.0.0.1' }, '127.0.0.1', 403],
    [{ via: '1.1 proxy' }, '127.0.0.1', 403],
    [{ origin: 'http://evil.example', host: 'localhost' }, '127.0.0.1', 403],
    [{ origin: 'null', host: 'localhost' }, '127.0.0.1', 403],
    [{ 'sec-fetch-site': 'cross-site' }, '127.0.0.1', 403],
  ])('%j from %s is answered %i', async (headers, peer, status) => {
    const running = await startEngine()
    const match = running.engine.match('GET', '/imnot/admin/partners')
    if (match === null) throw new Error('no match')
    const request = {
      method: 'GET',
      url: '/imnot/admin/partners',
      headers: new Headers(headers as Record<string, string>),
      body: null,
      remoteAddress: peer,
    }
    expect((await running.engine.handle(request, match)).status).toBe(status)
  })

  test('a form that a browser sends changes nothing', async () => {
    const running = await startEngine()
    const browser = { origin: 'http://localhost:8000', host: 'localhost:8000' }
    for (const type of ['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x']) {
      expect([type, await ask(running, '/imnot/admin/sessions', { ...browser, 'content-type': type }, 'POST')]).toEqual(
        [type, 415],
      )
    }
    expect(
      await ask(running, '/imnot/admin/sessions', { ...browser, 'content-type': 'application/json' }, 'POST'),
    ).toBe(201)
    expect(
      await ask(running, '/imnot/admin/sessions', { 'content-type': 'application/x-www-form-urlencoded' }, 'POST'),
    ).toBe(201)
  })
})

test('admin: false leaves health and docs alone', async () => {
  const running = await startEngine({ admin: false, adminKeys: [key] })
  expect(await ask(running, '/imnot/admin/partners', { authorization: `Bearer ${key}` })).toBe(404)
  expect(await ask(running, '/healthz')).toBe(200)
})
