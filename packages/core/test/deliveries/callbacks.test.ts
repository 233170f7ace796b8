import { createHmac } from 'node:crypto'
import { Webhook } from 'standardwebhooks'
import { describe, expect, test } from 'vitest'
import { encrypted, memoryStorage, type Storage } from '../../src/index.ts'
import { type ReceiverAnswer, receiver } from '../support/receiver.ts'
import { startEngine } from '../support/start-engine.ts'

const json = { 'content-type': 'application/json' }

/** An endpoint of pattern static at POST /orders with these callbacks. */
const orders = (callbacks: string) => `partner: shop
datapoints:
  - name: orders
    pattern: static
    endpoints:
      - method: POST
        path: /orders
        callbacks: ${callbacks}
        response: { status: 201, body: { id: "{{ request.body.id }}" } }
`

interface Options {
  readonly answers?: readonly ReceiverAnswer[]
  readonly storage?: (now: () => number) => Storage
  readonly environment?: Readonly<Record<string, string>>
}

async function start(yaml: string, { answers = [200], storage, environment = {} }: Options = {}) {
  const hook = receiver(...answers)
  const { clock, send: outbound } = hook
  const kept = storage?.(clock.now) ?? memoryStorage({ now: clock.now })
  const running = await startEngine({
    yaml,
    storage: kept,
    clock,
    outbound,
    environment: (name) => environment[name],
  })
  const post = async (path: string, body: unknown, headers: Record<string, string> = {}) =>
    running.call('POST', path, { body: JSON.stringify(body), headers: { ...json, ...headers } })
  const ledger = async () => (await running.admin('GET', '/imnot/admin/deliveries')).json
  return { ...running, ...hook, post, ledger }
}

describe('callbacks of an endpoint', () => {
  test('are rendered when they are owed and sent after the delay, one for each request', async () => {
    const { post, calls, clock, ledger } = await start(
      orders(`
          - url: "{{ request.body.callbackUrl }}"
            method: PUT
            delay: 2s
            headers: { X-Event: "order.{{ request.body.kind }}" }
            body: { order: "{{ request.body.id }}", delivery: "{{ delivery.id }}" }`),
    )
    const answer = await post('/orders', { id: 7, kind: 'new', callbackUrl: 'http://r.test/a' })
    expect([answer.status, await answer.json()]).toEqual([201, { id: 7 }])
    await clock.advance(1999)
    expect(calls).toHaveLength(0)
    await clock.advance(1)
    const [owed] = await ledger()
    expect(calls.map(({ method, url, text }) => [method, url, text])).toEqual([
      ['PUT', 'http://r.test/a', `{"order":7,"delivery":"${owed.id}"}`],
    ])
    expect(['x-event', 'content-type', 'x-imnot-delivery', 'user-agent'].map((name) => calls[0]?.header(name))).toEqual(
      ['order.new', 'application/json', owed.id, 'imnot'],
    )
    await post('/orders', { id: 8, callbackUrl: 'http://r.test/b' })
    await clock.advance(2000)
    expect(calls).toHaveLength(2)
  })

  test('are not owed where the URL is empty or the condition does not hold', async () => {
    const { post, calls, clock, ledger } = await start(
      orders(`
          - { url: "{{ request.body.url }}" }
          - { url: "http://r.test/vip", when: { body: { tier: gold } } }`),
    )
    await post('/orders', {})
    expect(await ledger()).toEqual([])
    await post('/orders', { url: 'http://r.test/plain', tier: 'gold' })
    await clock.advance(1000)
    expect(calls.map(({ url }) => url).sort()).toEqual(['http://r.test/plain', 'http://r.test/vip'])
    expect(calls.map(({ body }) => body.byteLength)).toEqual([0, 0])
  })

  test('go to each item of a list that the condition lets in', async () => {
    const { post, calls, clock } = await start(
      orders(
        '[{ for_each: hook, in: "{{ request.body.hooks }}", when: { hook: { events: { contains: created } } }, url: "{{ hook.url }}", body: { n: "{{ forloop.index }}", e: "{{ hook.events }}" } }]',
      ),
    )
    const hooks = [
      { url: 'http://r.test/1', events: ['created', 'gone'] },
      { url: 'http://r.test/2', events: ['gone'] },
      { url: 'http://r.test/3', events: ['created'] },
    ]
    await post('/orders', { hooks })
    await clock.advance(1000)
    expect(calls.map(({ url, text }) => `${url} ${text}`).sort()).toEqual([
      'http://r.test/1 {"n":1,"e":["created","gone"]}',
      'http://r.test/3 {"n":2,"e":["created"]}',
    ])
  })

  test('bring the payload byte for byte with payload: true', async () => {
    const { post, admin, calls, clock, ledger } = await start(
      orders('[{ url: "http://r.test/p", payload: true }]')
        .replace('pattern: static', 'pattern: fetch')
        .replace('response: { status: 201, body: { id: "{{ request.body.id }}" } }', 'response: { status: 200 }'),
    )
    await admin('POST', '/imnot/admin/shop/orders/payload', { body: '{"rate": 1.10}', headers: json })
    await post('/orders', {})
    await clock.advance(1000)
    expect(calls.map(({ text }) => text)).toEqual(['{"rate": 1.10}'])
    expect((await ledger()).map(({ status }: { status: string }) => status)).toEqual(['delivered'])
  })

  test('of an answer of 400 or more are not owed', async () => {
    const { post, ledger } = await start(
      orders('[{ url: "http://r.test/" }]').replace(
        'response:',
        'responses: [{ when: { body: { bad: true } }, response: { status: 422 } }]\n        response:',
      ),
    )
    expect((await post('/orders', { bad: true })).status).toBe(422)
    expect(await ledger()).toEqual([])
  })

  test('are rendered in their content type', async () => {
    const { post, calls, clock } = await start(
      orders(`
          - { url: "http://r.test/", content_type: application/x-www-form-urlencoded, body: { a: "{{ request.body.a }}", b: 2 } }
          - { url: "http://r.test/", content_type: application/xml, body: "<a>{{ request.body.a }}</a>" }`),
    )
    await post('/orders', { a: 'x & y' })
    await clock.advance(1000)
    expect(
      calls
        .map(({ text, header }) => [header('content-type'), text])
        .sort()
        .reverse(),
    ).toEqual([
      ['application/xml', '<a>x &amp; y</a>'],
      ['application/x-www-form-urlencoded', 'a=x+%26+y&b=2'],
    ])
  })
})

describe('a signed callback', () => {
  const secret = `whsec_${Buffer.from('a secret of 24 bytes....').toString('base64')}`
  const signed = orders(
    '[{ url: "http://r.test/", body: { a: 1 }, sign: { scheme: standard-webhooks, secret_env: SHOP_SECRET }, retry: { attempts: 3, backoff: fixed, first: 2s } }]',
  )

  test('has the same id and a time stamp and signature of its own on each attempt', async () => {
    const { post, calls, clock } = await start(signed, {
      answers: [500, 500, 200],
      environment: { SHOP_SECRET: secret },
    })
    await post('/orders', {})
    await clock.advance(10_000)
    const seen = calls.map(({ header }) => ['id', 'timestamp', 'signature'].map((name) => header(`webhook-${name}`)))
    expect(seen).toHaveLength(3)
    expect([0, 1, 2].map((column) => new Set(seen.map((row) => row[column])).size)).toEqual([1, 3, 3])
    for (const { text, header } of calls) {
      // The library refuses what is older than five minutes: it is shown the body and the signature alone.
      const webhook = new Webhook(secret)
      const at = new Date(Number(header('webhook-timestamp')) * 1000)
      expect(header('webhook-signature')).toBe(webhook.sign(header('webhook-id') ?? '', at, text))
    }
  })

  test('ends dead and names the variable where the environment lacks it, and is signed once it is there', async () => {
    const environment: Record<string, string> = {}
    const { post, admin, calls, clock, ledger } = await start(signed, { environment })
    await post('/orders', {})
    await clock.advance(1000)
    const [dead] = await ledger()
    expect(dead).toMatchObject({
      status: 'dead',
      signed_with: 'standard-webhooks',
      attempts: [{ code: 'SIGNING_FAILED', error: expect.stringContaining('Set SHOP_SECRET') }],
    })
    environment.SHOP_SECRET = secret
    await admin('POST', `/imnot/admin/deliveries/${dead.id}/redeliver`)
    await clock.advance(1000)
    expect(calls.map(({ header }) => header('webhook-id'))).toEqual([dead.id])
  })

  test('is signed with the key that the mock handed out when it was owed', async () => {
    const { post, calls, clock } = await start(
      orders(
        '[{ url: "http://r.test/", body: hi, sign: { scheme: hmac, secret: "{{ request.body.key }}", headers: { X-S: "{{ signature }}" } } }]',
      ),
    )
    await post('/orders', { key: 'k' })
    await clock.advance(1000)
    expect(calls[0]?.header('x-s')).toBe(createHmac('sha256', 'k').update('hi').digest('hex'))
  })

  test('leaves its key neither in the ledger nor in any plain value of the storage', async () => {
    const kept: Storage[] = []
    const { post, clock, ledger } = await start(signed, {
      environment: { SHOP_SECRET: secret },
      answers: [500],
      storage: (now) => {
        const plain = memoryStorage({ now })
        kept.push(plain)
        return encrypted(plain, { key: 'ab'.repeat(32) })
      },
    })
    await post('/orders', {})
    await clock.advance(60_000)
    const key = secret.replace('whsec_', '')
    expect(JSON.stringify(await ledger())).not.toContain(key)
    const records = (await kept[0]?.list('', { bodies: true })) ?? []
    expect(records.length).toBeGreaterThan(1)
    for (const { body = new Uint8Array(), ...rest } of records)
      expect(JSON.stringify(rest) + new TextDecoder().decode(body)).not.toContain(key)
  })
})

const jobs = `partner: acme
datapoints:
  - name: jobs
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /jobs
        callbacks:
          - { url: "{{ request.body.url }}/progress", body: { id: "{id}", status: RUNNING } }
          - { url: "{{ request.body.url }}/done", body: { id: "{{ flow.id }}", status: DONE }, retry: { attempts: 2, first: 1s } }
        response: { generates_id: true, id_body_field: id }
      - step: 2
        method: GET
        path: /jobs/{id}
        callbacks: [{ url: "http://r.test/read", body: { polls: "{{ flow.polls }}" } }]
        response: { body: { attempts: "{{ flow.attempts }}" } }
`

describe('callbacks of a flow', () => {
  test('come once with the first answer of each endpoint', async () => {
    const { post, call, calls, clock } = await start(jobs)
    const { id } = (await (await post('/jobs', { url: 'http://r.test' })).json()) as { id: string }
    // A clock that stands resolves no pause after a lost race: what is sent now is written down first.
    await clock.advance(0)
    for (let poll = 0; poll < 3; poll++) await call('GET', `/jobs/${id}`)
    await clock.advance(5000)
    expect(calls.map(({ url, text }) => `${url} ${text}`)).toEqual([
      `http://r.test/progress {"id":"${id}","status":"RUNNING"}`,
      `http://r.test/done {"id":"${id}","status":"DONE"}`,
      'http://r.test/read {"polls":1}',
    ])
  })

  test('follow each other: a later one waits until the one before it has ended, also where that one is dead', async () => {
    const { post, call, calls, clock, ledger } = await start(jobs, {
      answers: [500, { status: 503, retryAfter: '7' }, 200, 503, 404, 200],
    })
    const begin = clock.now()
    const { id } = (await (await post('/jobs', { url: 'http://r.test' })).json()) as { id: string }
    await call('GET', `/jobs/${id}`)
    await clock.advance(60_000)
    const seconds = calls.map(({ url, at }) => `${url.split('/').at(-1)} ${Math.round((at - begin) / 1000)}`)
    expect(seconds).toEqual(['progress 0', 'progress 1', 'progress 8', 'done 8', 'done 9', 'read 9'])
    expect((await ledger()).map(({ status }: { status: string }) => status).sort()).toEqual([
      'dead',
      'delivered',
      'delivered',
    ])
  })

  test('wait for no other flow', async () => {
    const { post, calls, clock } = await start(jobs, { answers: [500] })
    await post('/jobs', { url: 'http://r.test/a' })
    await post('/jobs', { url: 'http://r.test/b' })
    await clock.advance(100)
    expect(calls.map(({ url }) => url)).toEqual(['http://r.test/a/progress', 'http://r.test/b/progress'])
  })

  test('are sent in the session of the flow, on its clock, and go with it', async () => {
    const { post, admin, calls, clock } = await start(jobs, { answers: [500, 200] })
    const { session_id } = (await admin('POST', '/imnot/admin/sessions')).json
    await post('/jobs', { url: 'http://r.test' }, { 'x-imnot-session': session_id })
    await clock.advance(10)
    expect(calls).toHaveLength(1)
    await admin('POST', `/imnot/admin/sessions/${session_id}/clock`, { body: '{"advance":"1h"}', headers: json })
    await clock.advance(10)
    expect(calls.map(({ url }) => url)).toEqual([
      'http://r.test/progress',
      'http://r.test/progress',
      'http://r.test/done',
    ])
  })

  test('are all walked through, with their retries, by a clock that settles', async () => {
    const { post, admin, calls, clock, ledger } = await start(jobs, { answers: [500, 500, 200] })
    await admin('POST', '/imnot/admin/clock', { body: '{"freeze":true}', headers: json })
    await post('/jobs', { url: 'http://r.test' })
    const walk = admin('POST', '/imnot/admin/clock', { body: '{"advance":"1h","settle":true}', headers: json })
    await clock.advance(5000)
    expect((await walk).status).toBe(200)
    expect(calls.map(({ url }) => url.split('/').at(-1))).toEqual(['progress', 'progress', 'progress', 'done'])
    expect((await ledger()).map(({ status }: { status: string }) => status)).toEqual(['delivered', 'delivered'])
  })

  test('show their attempts to templates as flow.attempts', async () => {
    const { post, call, clock } = await start(jobs, { answers: [500, 200] })
    const { id } = (await (await post('/jobs', { url: 'http://r.test' })).json()) as { id: string }
    await clock.advance(5000)
    const { attempts } = (await (await call('GET', `/jobs/${id}`)).json()) as { attempts: { status: number }[] }
    expect(attempts.map(({ status }) => status)).toEqual([500, 200, 200])
    expect(attempts[0]).toMatchObject({ error: 'The receiver answered 500.', delivery: expect.any(String) })
  })
})

describe('chaos', () => {
  test('duplicate: 1 sends what was delivered once more, with the same id, and that is delivered', async () => {
    const { post, calls, clock, ledger } = await start(orders('[{ url: "http://r.test/", chaos: { duplicate: 1 } }]'), {
      answers: [500, 200, 500],
    })
    await post('/orders', {})
    await clock.advance(60_000)
    expect(new Set(calls.map(({ header }) => header('x-imnot-delivery'))).size).toBe(1)
    expect(await ledger()).toMatchObject([{ status: 'delivered', attempts: [{}, { status: 200 }, { status: 500 }] }])
  })

  test('late comes up to so much later, and lets later ones of the flow overtake', async () => {
    const late = jobs.replace('status: RUNNING }', 'status: RUNNING }, chaos: { late: 30s }')
    const { post, calls, clock } = await start(late)
    const begin = clock.now()
    for (let flow = 0; flow < 20; flow++) await post('/jobs', { url: 'http://r.test' })
    await clock.advance(60_000)
    const progress = calls.filter(({ url }) => url.endsWith('progress')).map(({ at }) => at - begin)
    const done = calls.filter(({ url }) => url.endsWith('done')).map(({ at }) => at - begin)
    expect([progress.length, done.length, Math.max(...progress) <= 31_000]).toEqual([20, 20, true])
    expect(Math.max(...progress)).toBeGreaterThan(Math.max(...done))
  })
})
