import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { memoryStorage, type Outbound, type Storage } from '../src/index.ts'
import { manualClock } from './support/manual-clock.ts'
import { type StartOptions, startEngine } from './support/start-engine.ts'

const shop = `partner: shop
datapoints:
  - { name: time, pattern: static, endpoints: [{ method: GET, path: /time, response: { body: "{{ now }} {{ session.id }}" } }] }
  - { name: bill, pattern: fetch, endpoints: [{ method: GET, path: /bill }] }
  - { name: rates, pattern: fetch, endpoints: [{ method: GET, path: /rates }] }
  - { name: push, pattern: callback, endpoints: [{ method: POST, path: /push, response: { callback_url_header: X-Url } }] }
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: HEAD, path: "/jobs/{id}", response: { headers: { X-Polls: "{{ flow.polls }}" } } }
      - { step: 3, method: GET, path: "/jobs/{id}", response: { returns_payload: true } }
`

const bytes = Buffer.from('\uFEFF{"a":1.10,\r\n"a":1e400}\r\n')
const image = Buffer.from(Array.from({ length: 5000 }, (_, at) => (at * 7) % 256))
const json = { 'content-type': 'application/json' }

async function start(options: StartOptions = {}) {
  const running = await startEngine({ yaml: shop, ...options })
  const { admin, engine } = running
  const create = async (body: object = {}) => {
    const answer = await admin('POST', '/imnot/admin/sessions', { body: JSON.stringify(body) })
    expect(answer.status).toBe(201)
    return answer.json as { session_id: string; base_url: string }
  }
  const upload = (datapoint: string, body: Uint8Array, session: string | null, type = 'application/json') =>
    admin('POST', `/imnot/admin/shop/${datapoint}/payload`, {
      body,
      headers: { 'content-type': type, ...(session !== null && { 'x-imnot-session': session }) },
    })
  const exported = async (session: string) => {
    const url = `/imnot/admin/sessions/${session}/export`
    const { status, body } = await engine.admin({ method: 'GET', url, headers: new Headers(), body: null })
    expect(status).toBe(200)
    const chunks: Uint8Array[] = []
    for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)
    return Buffer.concat(chunks)
  }
  const imported = (file: Uint8Array, query = '') =>
    admin('POST', `/imnot/admin/sessions/import${query}`, { body: file })
  /** What a consumer in the session gets, byte for byte. */
  const answers = async (session: string, job: string) => {
    const headers = { 'x-imnot-session': session }
    const all = await Promise.all(
      ['/time', '/bill', '/rates', `/jobs/${job}`].map((path) => running.call('GET', path, { headers })),
    )
    return Promise.all(
      all.map(async (one) => [
        one.status,
        one.headers.get('content-type'),
        Buffer.from(await one.arrayBuffer()).toString('base64'),
      ]),
    )
  }
  return { ...running, create, upload, exported, imported, answers }
}

type Started = Awaited<ReturnType<typeof start>>

/** A session in the middle of a flow, its clock frozen a day ahead, one payload its own, one the global one. */
async function inTheMiddle({ create, upload, call, admin }: Started, options: object = {}) {
  const { session_id: session } = await create({ label: 'INT-4211', ttl: '2h', ...options })
  const clock = (change: object) =>
    admin('POST', `/imnot/admin/sessions/${session}/clock`, { body: JSON.stringify(change) })
  await clock({ advance: '1d' })
  await clock({ freeze: true })
  await upload('bill', bytes, session)
  await upload('jobs', image, session, 'image/png')
  await upload('rates', Buffer.from('[1.10]'), null)
  const headers = { 'x-imnot-session': session }
  const { id: job } = (await (await call('POST', '/jobs', { headers })).json()) as { id: string }
  expect((await call('HEAD', `/jobs/${job}`)).headers.get('x-polls')).toBe('1')
  return { session, job }
}

describe('an exported session', () => {
  test('is the same on a machine that has neither its partner nor its payloads, to the byte', async () => {
    const here = await start()
    const { session, job } = await inTheMiddle(here)
    const file = await here.exported('INT-4211')
    const before = await here.answers(session, job)
    expect(before.map(([status]) => status)).toEqual([200, 200, 200, 200])
    const there = await start({ yaml: [] })
    const answer = await there.imported(file)
    expect(answer).toMatchObject({
      status: 201,
      json: {
        session_id: session,
        label: 'INT-4211',
        isolated: false,
        definitions: [{ partner: 'shop', outcome: 'registered' }],
        token: expect.stringMatching(/^imnot_/),
      },
    })
    expect(Date.parse(answer.json.expires_at) - Date.parse(answer.json.created_at)).toBe(7_200_000)
    expect(await there.answers(session, job)).toEqual(before)
    // The flow goes on by its id alone, where it was.
    expect((await there.call('HEAD', `/jobs/${job}`)).headers.get('x-polls')).toBe('3')
    // The global payload of there is no part of here.
    expect((await there.call('GET', '/rates')).status).toBe(404)
  })

  test('takes the payloads for values of path parameters along, and hides nothing that it had of its own', async () => {
    const yaml =
      'partner: inn\ndatapoints:\n' +
      '  - { name: rooms, pattern: fetch, endpoints: [{ method: GET, path: "/rooms/{id}" }] }\n' +
      '  - { name: bills, pattern: fetch, endpoints: [{ method: GET, path: "/bills/{id}" }] }\n'
    const here = await start({ yaml })
    const { session_id: session } = await here.create()
    const upload = (path: string, body: string, mine: boolean) =>
      here.admin('POST', `/imnot/admin/inn/${path}`, {
        body,
        headers: { ...json, ...(mine && { 'x-imnot-session': session }) },
      })
    await upload('rooms/payload', '"mine"', true)
    await upload('rooms/payload?id=7&status=410&header=X-A:%20b', '"gone"', true)
    await upload('rooms/payload?id=8', '"8 of all"', false)
    await upload('bills/payload?id=9', '"9 of all"', false)
    const there = await start({ storage: memoryStorage() })
    const { session_id: copy } = (await there.imported(await here.exported(session))).json
    const ask = async ({ call }: Started, id: string, path: string) => {
      const answer = await call('GET', path, { headers: { 'x-imnot-session': id } })
      return [answer.status, answer.headers.get('x-a'), await answer.text()]
    }
    const paths = ['/rooms/1', '/rooms/7', '/rooms/8', '/bills/9']
    const seen = await Promise.all(paths.map((path) => ask(here, session, path)))
    expect(seen).toEqual([
      [200, null, '"mine"'],
      [410, 'b', '"gone"'],
      [200, null, '"mine"'],
      [200, null, '"9 of all"'],
    ])
    expect(await Promise.all(paths.map((path) => ask(there, copy, path)))).toEqual(seen)
    expect((await there.admin('GET', `/imnot/admin/sessions/${copy}`)).json.payloads).toEqual([
      { partner: 'inn', datapoint: 'rooms' },
      { partner: 'inn', datapoint: 'rooms', params: { id: '7' } },
      { partner: 'inn', datapoint: 'bills', params: { id: '9' } },
    ])
  })

  test('keeps readable what is text', async () => {
    const here = await start()
    await inTheMiddle(here)
    const file = (await here.exported('INT-4211')).toString()
    expect(file).toContain(JSON.stringify({ definition: 'shop', text: shop }))
    expect(file).toContain(JSON.stringify({ text: '[1.10]' }))
  })

  test('goes on at its own time, however much later it is imported', async () => {
    const early = manualClock(1_700_000_000_000)
    const here = await start({ clock: early })
    const { session_id } = await here.create()
    await here.call('GET', '/bill', { headers: { 'x-imnot-session': session_id } })
    const file = await here.exported(session_id)
    const late = manualClock(1_800_000_000_000)
    const there = await start({ clock: late, storage: memoryStorage({ now: late.now }) })
    await there.imported(file)
    await late.advance(1500)
    const time = await there.call('GET', '/time', { headers: { 'x-imnot-session': session_id } })
    expect(await time.text()).toBe(`${new Date(1_700_000_001_500).toISOString()} ${session_id}`)
  })

  test('has another id and needs another label beside the original, and names itself in its answers', async () => {
    const here = await start()
    const { session, job } = await inTheMiddle(here)
    const file = await here.exported(session)
    expect((await here.imported(file)).json.detail).toContain(`The label "INT-4211" belongs to the session ${session}`)
    const { session_id: copy, definitions } = (await here.imported(file, '?label=again')).json
    expect(definitions).toEqual([{ partner: 'shop', outcome: 'served' }])
    expect(copy).not.toBe(session)
    const [time, ...rest] = await here.answers(copy, job)
    expect(Buffer.from(String(time?.[2]), 'base64').toString()).toContain(copy)
    expect(rest).toEqual((await here.answers(session, job)).slice(1))
  })

  test('asks what to do where its partner is another one', async () => {
    const here = await start()
    await inTheMiddle(here)
    const file = await here.exported('INT-4211')
    const other = shop.replace('path: /time', 'path: /what-time')
    const kept = await start({ yaml: other })
    const refused = await kept.imported(file)
    expect(refused).toMatchObject({ status: 409, json: { partners: ['shop'] } })
    expect((await kept.admin('GET', '/imnot/admin/sessions')).json).toEqual([])
    expect((await kept.imported(file, '?definitions=keep')).json.definitions).toEqual([
      { partner: 'shop', outcome: 'kept' },
    ])
    expect((await kept.call('GET', '/time')).status).toBe(404)
    const replaced = await start({ yaml: other })
    expect((await replaced.imported(file, '?definitions=replace')).status).toBe(201)
    expect((await replaced.call('GET', '/time')).status).toBe(200)
    expect((await replaced.imported(file, '?definitions=maybe')).status).toBe(400)
  })

  test.each([
    ['half of one', (file: Buffer) => file.subarray(0, file.length / 2)],
    ['one without its last line', (file: Buffer) => file.subarray(0, file.lastIndexOf('\n', file.length - 2) + 1)],
    [
      'one with a changed byte',
      (file: Buffer) => Buffer.from(file.toString('latin1').replace('"[1.10]"', '"[1.11]"'), 'latin1'),
    ],
    ['a payload', () => Buffer.from('{"a":1}')],
    ['nothing', () => Buffer.from('')],
  ])('is refused in one sentence and leaves nothing behind: %s', async (_what, damage) => {
    const here = await start()
    await inTheMiddle(here)
    const storage = memoryStorage()
    const there = await start({ yaml: [], storage })
    const answer = await there.imported(damage(await here.exported('INT-4211')))
    expect([answer.status, answer.json.detail]).toEqual([400, expect.stringMatching(/export/)])
    expect((await there.admin('GET', '/imnot/admin/sessions')).json).toEqual([])
    expect(await storage.list('in/')).toEqual([])
    expect(await storage.list('session/')).toEqual([])
    expect(await storage.list('id/')).toEqual([])
    expect(await storage.list('definition/')).toEqual([])
  })
})

describe('a file that somebody wrote by hand, with the right hash', () => {
  const id = '0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e'
  const head = { imnot: 'session', format: 1, version: '1', id, label: null, ttlMs: 60_000, isolated: false }
  const rest = { takenAt: 0, clock: null, now: 0, payloads: [] }

  function fileOf(headChange: object, ...parts: readonly object[]): Buffer {
    const lines = [{ ...head, ...rest, ...headChange }, ...parts].map((line) => `${JSON.stringify(line)}\n`).join('')
    const sha256 = createHash('sha256').update(lines).digest('hex')
    return Buffer.from(`${lines}${JSON.stringify({ end: true, records: parts.length, sha256 })}\n`)
  }

  test('is taken where there is nothing wrong with it', async () => {
    const here = await start({ yaml: [] })
    expect((await here.imported(fileOf({}, { key: 'own/a', value: null, body: { text: 'a' } }))).status).toBe(201)
  })

  test('has all of its definitions served here, or none', async () => {
    const storage = memoryStorage()
    const here = await start({ yaml: [], storage })
    const good = { definition: 'shop', text: shop }
    const bad = { definition: 'bad', text: 'partner: bad\ndatapoints: 7\n' }
    expect((await here.imported(fileOf({}, good, bad))).status).toBe(422)
    for (const prefix of ['in/', 'session/', 'definition/']) expect(await storage.list(prefix)).toEqual([])
    expect((await here.imported(fileOf({}, good))).json.definitions).toEqual([
      { partner: 'shop', outcome: 'registered' },
    ])
    expect((await here.imported(fileOf({}, { definition: 'x', text: `${shop}# other` }))).status).toBe(409)
  })

  test.each<[string, object, ...object[]]>([
    ['a time that no date has', { ttlMs: 1e300 }],
    ['a lifetime that is over', { ttlMs: -1 }],
    ['a label that no session may have', { label: 'a/b\n' }],
    ['payloads without names', { payloads: [7] }],
    ['a clock that is none', { clock: { revision: 'x', isFrozen: 1 } }],
    ['a body of no bytes', {}, { key: 'own/a', value: null, body: null }],
    ['an expiry that is no time', {}, { key: 'own/a', value: null, expiresAt: 'soon' }],
    ['a queue that has no name', {}, { key: 'own/a', value: null, queue: {}, dueAt: {} }],
    ['a lead into another session', {}, { lead: 'x/shop/jobs', value: { session: 'other' } }],
    ['a lead to nowhere', {}, { lead: 'x/shop/jobs', value: null }],
  ])('is refused and leaves nothing behind: %s', async (_what, headChange, ...parts) => {
    const storage = memoryStorage()
    const here = await start({ yaml: [], storage })
    expect((await here.imported(fileOf(headChange, ...parts))).status).toBe(400)
    expect(await here.admin('GET', '/imnot/admin/sessions')).toMatchObject({ status: 200, json: [] })
    for (const prefix of ['in/', 'id/', 'session/']) expect(await storage.list(prefix)).toEqual([])
  })
})

describe('a copy of a session', () => {
  test('begins where the original is, and each goes its own way', async () => {
    const here = await start()
    const { session, job } = await inTheMiddle(here)
    const { session_id: copy } = await here.create({ from: 'INT-4211', label: 'copy' })
    expect((await here.answers(copy, job)).slice(1)).toEqual((await here.answers(session, job)).slice(1))
    await here.upload('bill', Buffer.from('"other"'), copy)
    const billOf = async (id: string) =>
      (await here.call('GET', '/bill', { headers: { 'x-imnot-session': id } })).text()
    expect(await billOf(copy)).toBe('"other"')
    expect(await billOf(session)).toBe(bytes.toString().replace(/^\uFEFF/, ''))
    const time = await here.call('GET', '/time', { headers: { 'x-imnot-session': copy } })
    expect(Date.parse((await time.text()).split(' ')[0] ?? '') - Date.now()).toBeGreaterThan(86_000_000)
    // The id leads to the original, also when the copy is gone.
    await here.admin('DELETE', '/imnot/admin/sessions/copy')
    expect((await here.call('HEAD', `/jobs/${job}`)).status).toBe(200)
    expect((await here.answers(copy, job)).map(([status]) => status)).toEqual([404, 404, 404, 404])
  })

  test('makes none of the calls that the original owes', async () => {
    const calls: string[] = []
    const outbound: Outbound = async ({ url }) => {
      calls.push(url)
      return { status: 200, retryAfter: null, body: new Uint8Array(0) }
    }
    const clock = manualClock()
    const storage: Storage = memoryStorage({ now: clock.now })
    const here = await start({ outbound, clock, storage })
    const { session_id: session } = await here.create()
    await here.admin('POST', `/imnot/admin/sessions/${session}/clock`, { body: JSON.stringify({ freeze: true }) })
    const headers = { ...json, 'x-imnot-session': session, 'x-url': 'http://receiver.test/hook' }
    await here.upload('push', Buffer.from('1'), session)
    await here.call('POST', '/push', { headers })
    const { session_id: copy } = await here.create({ from: session })
    for (const id of [copy, session])
      await here.admin('POST', `/imnot/admin/sessions/${id}/clock`, { body: JSON.stringify({ reset: true }) })
    await clock.advance(10_000)
    expect(calls).toEqual(['http://receiver.test/hook'])
  })

  test('of a session that is not there is refused', async () => {
    const { admin } = await start()
    const answer = await admin('POST', '/imnot/admin/sessions', { body: JSON.stringify({ from: 'nobody' }) })
    expect([answer.status, answer.json.detail]).toEqual([404, expect.stringContaining("Session 'nobody' not found")])
  })
})
