import { describe, expect, test } from 'vitest'
import { encrypted, ImnotError, memoryStorage } from '../../src/index.ts'
import { receiver } from '../support/receiver.ts'
import { startEngine } from '../support/start-engine.ts'

const yaml = `partner: shop
datapoints:
  - name: rates
    pattern: push
    endpoints: [{ method: POST, path: /rates, response: { callback_url_field: hook.url, callback_method: PUT, body: { accepted: true } } }]
  - name: late
    pattern: callback
    endpoints: [{ method: POST, path: /late, response: { callback_url_header: X-Callback, callback_delay_seconds: 90 } }]
`
const json = { 'content-type': 'application/json' }

async function start(hook: ReturnType<typeof receiver>, storage = memoryStorage({ now: hook.clock.now })) {
  const running = await startEngine({ yaml, storage, clock: hook.clock, outbound: hook.send })
  const submit = async (headers: Record<string, string> = {}) => {
    const body = JSON.stringify({ hook: { url: 'http://receiver.test/hook' } })
    return (await (await running.call('POST', '/rates', { body, headers: { ...json, ...headers } })).json()) as {
      request_id: string
    }
  }
  const delivery = async (id: string) => (await running.admin('GET', `/imnot/admin/deliveries/${id}`)).json
  return { ...running, submit, delivery }
}

const text = (bytes: Uint8Array | undefined) => new TextDecoder().decode(bytes)

describe('a callback', () => {
  test('brings the payload byte for byte to the URL that the request named, once', async () => {
    const hook = receiver(200)
    const { admin, submit, delivery } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '{"rate": 1.10}', headers: json })
    const answer = await submit()
    expect(answer).toEqual({ accepted: true, request_id: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    await hook.clock.advance(60_000)
    expect(hook.calls.map(({ method, url, body }) => [method, url, text(body)])).toEqual([
      ['PUT', 'http://receiver.test/hook', '{"rate": 1.10}'],
    ])
    expect(hook.calls[0]?.headers).toContain('application/json')
    expect(await delivery(answer.request_id)).toMatchObject({
      status: 'delivered',
      attempts: [{ status: 200, error: null }],
      next_attempt_at: null,
    })
  })

  test('waits for its delay', async () => {
    const hook = receiver(204)
    const { admin, call } = await start(hook)
    await admin('POST', '/imnot/admin/shop/late/payload', { body: '1', headers: json })
    await call('POST', '/late', { headers: { 'x-callback': 'http://receiver.test/' } })
    await hook.clock.advance(89_000)
    expect(hook.calls).toHaveLength(0)
    await hook.clock.advance(2_000)
    expect(hook.calls).toHaveLength(1)
  })

  test('is retried three times after 1, 2 and 4 seconds, with the same id, and is dead then', async () => {
    const hook = receiver(500, new Error('connect ECONNREFUSED'), 429, 503)
    const { admin, submit, delivery } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '1', headers: json })
    const begin = hook.clock.now()
    const { request_id } = await submit()
    await hook.clock.advance(120_000)
    expect(hook.calls.map(({ at }) => Math.round((at - begin) / 1000))).toEqual([0, 1, 3, 7])
    expect(new Set(hook.calls.map(({ headers }) => headers.at(-1)))).toEqual(new Set([request_id]))
    const ended = await delivery(request_id)
    expect(ended.status).toBe('dead')
    expect(ended.attempts.map((attempt: { status: number; error: string }) => attempt.status ?? attempt.error)).toEqual(
      [500, 'connect ECONNREFUSED', 429, 503],
    )
  })

  test('comes later where the receiver asks for it with Retry-After', async () => {
    const hook = receiver({ status: 503, retryAfter: '30' }, 200)
    const { admin, submit } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '1', headers: json })
    await submit()
    await hook.clock.advance(29_000)
    expect(hook.calls).toHaveLength(1)
    await hook.clock.advance(2_000)
    expect(hook.calls).toHaveLength(2)
  })

  test.each([[400], [404], [301]])('that is answered %i is dead at once', async (status) => {
    const hook = receiver(status)
    const { admin, submit, delivery } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '1', headers: json })
    const { request_id } = await submit()
    await hook.clock.advance(60_000)
    expect([hook.calls.length, (await delivery(request_id)).status]).toEqual([1, 'dead'])
  })

  test('to a forbidden address is dead with EGRESS_DENIED and the reason', async () => {
    const hook = receiver(new ImnotError('EGRESS_DENIED', 'The address is not allowed; see callbacks.allow.'))
    const { admin, submit, delivery } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '1', headers: json })
    const { request_id } = await submit()
    await hook.clock.advance(60_000)
    expect(await delivery(request_id)).toMatchObject({
      status: 'dead',
      attempts: [{ code: 'EGRESS_DENIED', error: expect.stringContaining('callbacks.allow') }],
    })
  })

  test('without a payload is dead with the reason, and is sent by retrigger once there is one', async () => {
    const hook = receiver(200)
    const { admin, submit, delivery } = await start(hook)
    const { request_id } = await submit()
    await hook.clock.advance(5_000)
    expect(await delivery(request_id)).toMatchObject({ status: 'dead', attempts: [{ code: 'NO_PAYLOAD' }] })
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '"now"', headers: json })
    const again = await admin('POST', `/imnot/admin/shop/rates/callback/${request_id}/retrigger`)
    expect(again.json).toEqual({ status: 'dispatched', request_id })
    await hook.clock.advance(5_000)
    expect(hook.calls.map(({ body }) => text(body))).toEqual(['"now"'])
    expect((await delivery(request_id)).status).toBe('delivered')
  })

  test('survives the process: a node that starts later on the same storage sends it', async () => {
    const hook = receiver(200)
    const storage = memoryStorage({ now: hook.clock.now })
    const dying = await startEngine({ yaml, storage, clock: hook.clock, background: false })
    await dying.admin('POST', '/imnot/admin/shop/rates/payload', { body: '7', headers: json })
    await dying.call('POST', '/rates', { body: '{"hook":{"url":"http://receiver.test/"}}', headers: json })
    expect(hook.calls).toHaveLength(0)
    await start(hook, storage)
    await hook.clock.advance(2_000)
    expect(hook.calls.map(({ body }) => text(body))).toEqual(['7'])
  })

  test('is sent by one of two nodes', async () => {
    const hook = receiver(200)
    const storage = memoryStorage({ now: hook.clock.now })
    const one = await start(hook, storage)
    await start(hook, storage)
    await one.admin('POST', '/imnot/admin/shop/rates/payload', { body: '1', headers: json })
    for (let index = 0; index < 20; index++) await one.submit()
    await hook.clock.advance(10_000)
    expect(hook.calls).toHaveLength(20)
  })

  test('brings the payload of its session, and goes with it', async () => {
    const hook = receiver(500)
    const { admin, submit } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '"global"', headers: json })
    const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
    const header = { 'x-imnot-session': session_id }
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '"mine"', headers: { ...json, ...header } })
    const { request_id } = await submit(header)
    await hook.clock.advance(500)
    expect(hook.calls.map(({ body }) => text(body))).toEqual(['"mine"'])
    await admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    await hook.clock.advance(60_000)
    expect(hook.calls).toHaveLength(1)
    expect((await admin('GET', `/imnot/admin/deliveries/${request_id}`)).status).toBe(404)
  })

  test('is redelivered with the bytes of before or with the payload of now, as asked', async () => {
    const hook = receiver(200)
    const { admin, submit } = await start(hook)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '"old"', headers: json })
    const { request_id } = await submit()
    await hook.clock.advance(1_000)
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '"new"', headers: json })
    expect((await admin('POST', `/imnot/admin/deliveries/${request_id}/redeliver`)).status).toBe(202)
    await hook.clock.advance(1_000)
    await admin('POST', `/imnot/admin/deliveries/${request_id}/redeliver?payload=current`)
    await hook.clock.advance(1_000)
    expect(hook.calls.map(({ body }) => text(body))).toEqual(['"old"', '"old"', '"new"'])
    expect((await admin('POST', `/imnot/admin/deliveries/${request_id}/redeliver?payload=x`)).status).toBe(400)
  })
})

describe('in an encrypted storage a callback', () => {
  async function leftBy(keep: (plain: ReturnType<typeof memoryStorage>) => ReturnType<typeof memoryStorage>) {
    const hook = receiver(new Error('getaddrinfo ENOTFOUND receiver.test'))
    const plain = memoryStorage({ now: hook.clock.now })
    const { admin, submit } = await start(hook, keep(plain))
    await admin('POST', '/imnot/admin/shop/rates/payload', { body: '"of receiver.test"', headers: json })
    await submit()
    await hook.clock.advance(60_000)
    expect((await admin('GET', '/imnot/admin/deliveries')).json).toMatchObject([
      {
        url: 'http://receiver.test/hook',
        attempts: [1, 2, 3, 4].map(() => ({ error: expect.stringContaining('ENOTFOUND') })),
      },
    ])
    const records = await plain.list('', { bodies: true })
    return records.map(({ body = new Uint8Array(), ...rest }) => JSON.stringify(rest) + text(body)).join('\n')
  }

  test('leaves neither its URL, nor what became of it, nor its bytes to be read', async () => {
    expect(await leftBy((plain) => encrypted(plain, { key: 'ab'.repeat(32) }))).not.toContain('receiver.test')
    expect(await leftBy((plain) => plain)).toContain('receiver.test')
  })
})

describe('a request that names no URL to call', () => {
  test.each([
    ['{}', "field 'hook.url'"],
    ['not json', "field 'hook.url'"],
    ['{"hook":{"url":5}}', "field 'hook.url'"],
    ['{"hook":{"url":"/relative"}}', 'absolute'],
    ['{"hook":{"url":"ftp://host/"}}', 'no http or https URL'],
    ['{"hook":{"url":"javascript:alert(1)"}}', 'no http or https URL'],
  ])('%s is refused and owes nothing', async (body, detail) => {
    const hook = receiver(200)
    const { call, admin } = await start(hook)
    const refused = await call('POST', '/rates', { body, headers: json })
    expect([refused.status, await refused.text()]).toEqual([400, expect.stringContaining(detail)])
    expect((await admin('GET', '/imnot/admin/deliveries')).json).toEqual([])
  })
})
