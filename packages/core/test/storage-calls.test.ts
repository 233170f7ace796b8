import { expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { countingStorage } from './support/counting-storage.ts'
import { seed } from './support/seed.ts'
import { startEngine } from './support/start-engine.ts'

const shop = `partner: shop
datapoints:
  - { name: hello, pattern: static, endpoints: [{ method: GET, path: /hello, response: { body: { ok: true } } }] }
  - { name: bill, pattern: fetch, endpoints: [{ method: GET, path: /bill }] }
  - { name: hook, pattern: callback, endpoints: [{ method: POST, path: /hook, response: { callback_url_header: X-Url } }] }
  - { name: token, pattern: oauth, endpoints: [{ method: POST, path: /token }] }
  - { name: list, pattern: paginated, pagination: { style: cursor, items_field: items, cursor_field: next }, endpoints: [{ method: GET, path: /list }] }
`

async function start() {
  const counting = countingStorage(memoryStorage())
  const running = await startEngine({ yaml: [seed, shop], storage: counting.storage, background: false })
  const headers = { 'content-type': 'application/json' }
  for (const [place, body] of [
    ['acme/data-sync', '{}'],
    ['shop/bill', '{}'],
    ['shop/list', '[1,2,3]'],
    ['shop/hook', '{}'],
  ]) {
    await running.admin('POST', `/imnot/admin/${place}/payload`, { body: body ?? '', headers })
  }
  const count = async (method: string, path: string, sent: Record<string, string> = {}) => {
    counting.reset()
    const response = await running.call(method, path, { headers: sent })
    return { status: response.status, location: response.headers.get('location') ?? '', counts: { ...counting.counts } }
  }
  return { ...running, count }
}

const calls = (get: number, write: number) => ({ get, list: 0, write, claim: 0 })

test('a static answer makes no storage call, and neither do misses and health checks', async () => {
  const { count } = await start()
  for (const [path, status] of [
    ['/hello', 200],
    ['/nowhere', 404],
    ['/healthz', 200],
  ] as const) {
    expect(await count('GET', path)).toMatchObject({ status, counts: calls(0, 0) })
  }
})

test('a submit makes one read and one write, also in a session', async () => {
  const { admin, count } = await start()
  expect(await count('POST', '/external/jobs')).toMatchObject({ status: 202, counts: calls(1, 1) })
  const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
  const sent = { 'x-imnot-session': session_id }
  expect(await count('POST', '/external/jobs', sent)).toMatchObject({ status: 202, counts: calls(1, 1) })
})

test('a poll makes one read and one write, and a submit that owes a callback no more', async () => {
  const { count } = await start()
  const { location } = await count('POST', '/external/jobs')
  expect(await count('HEAD', location)).toMatchObject({ status: 201, counts: calls(1, 1) })
  expect(await count('GET', location)).toMatchObject({ status: 200, counts: calls(1, 1) })
  expect(await count('POST', '/hook', { 'x-url': 'http://127.0.0.1:9/' })).toMatchObject({
    status: 202,
    counts: calls(1, 1),
  })
})

test('a flow of a session is found by its id alone with one read by the node that started it', async () => {
  const { admin, count } = await start()
  const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
  const { location } = await count('POST', '/external/jobs', { 'x-imnot-session': session_id })
  expect(await count('HEAD', location)).toMatchObject({ status: 201, counts: calls(1, 1) })
})

test('a stored payload costs one read, and its bytes are read once for each version', async () => {
  const { count, storage, admin } = await start()
  expect(await count('GET', '/bill')).toMatchObject({ status: 200, counts: calls(1, 0) })
  const known: unknown[] = []
  const get = storage.get
  storage.get = async (keys, options) => {
    known.push(...(options?.known?.values() ?? []))
    return get(keys, options)
  }
  await count('GET', '/bill')
  expect(known).toHaveLength(1)
  await admin('POST', '/imnot/admin/shop/bill/payload', {
    body: '{"new":1}',
    headers: { 'content-type': 'application/json' },
  })
  expect(await count('GET', '/bill')).toMatchObject({ status: 200 })
})

test('a page and a token cost one read each', async () => {
  const { count } = await start()
  await count('GET', '/list?limit=2')
  expect(await count('GET', '/list?limit=2')).toMatchObject({ status: 200, counts: calls(1, 0) })
  await count('POST', '/token')
  expect(await count('POST', '/token')).toMatchObject({ status: 200, counts: calls(1, 0) })
})
