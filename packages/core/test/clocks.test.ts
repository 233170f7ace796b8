import { describe, expect, test } from 'vitest'
import { memoryStorage, type Outbound, type Storage, systemClock } from '../src/index.ts'
import { keys } from '../src/keys.ts'
import { applyWhatIsDue } from '../src/time/apply-due.ts'
import { readClock } from '../src/time/clock-reading.ts'
import { createClocks } from '../src/time/clocks.ts'
import { dueBy } from '../src/time/due.ts'
import type { DueKind } from '../src/time/due-kind.ts'
import { startEngine } from './support/start-engine.ts'

const hour = 3_600_000
const yaml = `partner: shop
datapoints:
  - name: late
    pattern: callback
    endpoints: [{ method: POST, path: /late, response: { callback_url_header: X-Callback, callback_delay_seconds: 7200 } }]
  - name: list
    pattern: paginated
    pagination: { style: cursor, items_field: items, cursor_field: next, cursor_ttl_seconds: 60 }
    endpoints: [{ method: GET, path: /list }]
`
const json = { 'content-type': 'application/json' }

/** A node with a receiver that gives these answers, the last one again and again. */
async function start(storage: Storage = memoryStorage(), ...answers: number[]) {
  const calls: string[] = []
  const outbound: Outbound = async ({ url }) => {
    calls.push(url)
    return {
      status: answers[Math.min(calls.length, answers.length) - 1] ?? 200,
      retryAfter: null,
      body: new Uint8Array(0),
    }
  }
  const running = await startEngine({ yaml, storage, outbound })
  const create = async (label?: string) =>
    (await running.admin('POST', '/imnot/admin/sessions', { body: JSON.stringify({ label }) })).json
      .session_id as string
  const clock = async (session: string | null, change: unknown) => {
    const path = session === null ? '/imnot/admin/clock' : `/imnot/admin/sessions/${session}/clock`
    return running.admin(
      change === null ? 'GET' : 'POST',
      path,
      change === null ? {} : { body: JSON.stringify(change) },
    )
  }
  const owe = async (session: string | null, name = 'hook') => {
    const headers = { 'x-callback': `http://receiver.test/${name}`, ...(session && { 'x-imnot-session': session }) }
    return ((await (await running.call('POST', '/late', { headers })).json()) as { request_id: string }).request_id
  }
  const delivery = async (id: string) => (await running.admin('GET', `/imnot/admin/deliveries/${id}`)).json
  await running.admin('POST', '/imnot/admin/shop/late/payload', { body: '1', headers: json })
  await running.admin('POST', '/imnot/admin/shop/list/payload', { body: '[1,2,3]', headers: json })
  return { ...running, calls, create, clock, owe, delivery }
}

describe('the clock of a session', () => {
  test('is the wall clock until somebody sets it, and is told by id and label', async () => {
    const { create, clock } = await start()
    await create('INT-1')
    const before = Date.now()
    const { now, ...shown } = (await clock('INT-1', null)).json
    expect(shown).toMatchObject({ frozen: false, offset_ms: 0 })
    expect(Date.parse(now) - before).toBeLessThan(5_000)
  })

  test('brings what is due by then when it is advanced, and the attempt is made when settle answers', async () => {
    const { create, clock, owe, calls, delivery } = await start()
    const session = await create()
    const id = await owe(session)
    const other = await owe(await create())
    expect((await clock(session, { advance: '1h', settle: true })).json.applied).toBe(0)
    expect(calls).toEqual([])
    expect((await clock(session, { advance: '61m', settle: true })).json).toMatchObject({ applied: 1, frozen: false })
    expect([calls.length, (await delivery(id)).status, (await delivery(other)).status]).toEqual([
      1,
      'delivered',
      'pending',
    ])
  })

  test('walks the retries of an attempt in order with settle', async () => {
    const { create, clock, owe, calls, delivery } = await start(memoryStorage(), 500, 503, 500, 200)
    const session = await create()
    const id = await owe(session)
    expect((await clock(session, { advance: '3h', settle: true })).json.applied).toBe(4)
    const { status, attempts } = await delivery(id)
    expect([calls.length, status, attempts.length]).toEqual([4, 'delivered', 4])
  })

  test('leaves a retry that is due after its goal for later', async () => {
    const { create, clock, owe, delivery } = await start(memoryStorage(), 500, 200)
    const session = await create()
    const id = await owe(session)
    const at = (await clock(session, { freeze: true })).json.now
    await clock(session, { advance: '2h', settle: true })
    expect(await delivery(id)).toMatchObject({ status: 'pending', attempts: [{ status: 500 }] })
    expect(Date.parse((await delivery(id)).next_attempt_at)).toBeGreaterThanOrEqual(Date.parse(at) + 2 * hour)
    await clock(session, { advance: '1s', settle: true })
    expect((await delivery(id)).status).toBe('delivered')
  })

  test('stands while it is frozen, and runs on from there', async () => {
    const { create, clock } = await start()
    const session = await create()
    const { now, frozen } = (await clock(session, { freeze: true })).json
    expect(frozen).toBe(true)
    await systemClock().sleep(5)
    expect((await clock(session, null)).json.now).toBe(now)
    expect(Date.parse((await clock(session, { advance: '1d' })).json.now)).toBe(Date.parse(now) + 24 * hour)
    const on = (await clock(session, { freeze: false })).json
    expect([on.frozen, on.offset_ms > 23 * hour]).toEqual([false, true])
  })

  test('undoes nothing when it is reset, and what is not due by then is not due', async () => {
    const { create, clock, owe, calls, delivery } = await start()
    const session = await create()
    const done = await owe(session)
    await clock(session, { advance: '2h', settle: true })
    await clock(session, { freeze: true })
    const waiting = await owe(session)
    expect((await clock(session, { reset: true })).json).toMatchObject({ frozen: false, offset_ms: 0 })
    await clock(session, { advance: '3h', settle: true })
    expect([(await delivery(done)).status, (await delivery(waiting)).status, calls.length]).toEqual([
      'delivered',
      'pending',
      1,
    ])
    await clock(session, { advance: '1h', settle: true })
    expect((await delivery(waiting)).status).toBe('delivered')
  })

  test('rules the life of a cursor; another session keeps its own', async () => {
    const { create, clock, call } = await start()
    const [mine, others] = [await create(), await create()]
    const page = async (session: string, cursor = '') =>
      call('GET', `/list?limit=1${cursor && `&cursor=${encodeURIComponent(cursor)}`}`, {
        headers: { 'x-imnot-session': session },
      })
    const first = (await (await page(mine)).json()) as { next: string }
    const theirs = (await (await page(others)).json()) as { next: string }
    await clock(mine, { advance: '2m' })
    expect([(await page(mine, first.next)).status, (await page(others, theirs.next)).status]).toEqual([400, 200])
  })

  test('serves the token of its own session alone', async () => {
    const { engine, admin } = await startEngine({ adminKeys: ['k'.repeat(24)] }).then((running) => running)
    const make = async () => (await admin('POST', '/imnot/admin/sessions')).json
    const [mine, other] = [await make(), await make()]
    const post = (path: string) =>
      engine.fetch(
        new Request(`http://127.0.0.1${path}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${mine.token}`, ...json },
          body: '{"advance":"1h"}',
        }),
      )
    const statuses = [`/sessions/${mine.session_id}/clock`, `/sessions/${other.session_id}/clock`, '/clock'].map(
      async (path) => (await post(`/imnot/admin${path}`)).status,
    )
    expect(await Promise.all(statuses)).toEqual([200, 403, 403])
  })

  test.each([
    [{}, 'Say what the clock is to do'],
    [{ advance: '2 hours' }, 'such as "90s"'],
    [{ advance: 5 }, 'such as "90s"'],
    [{ advance: '99999d' }, '3660d'],
    [{ advance: '1h', freeze: true }, 'one thing at a time'],
    [{ reset: true, settle: true }, 'one thing at a time'],
    [{ freeze: 'yes' }, 'freeze must be true'],
    [{ reset: false }, 'reset must be true'],
    [{ rewind: '1h' }, 'no "rewind"'],
    [{ advance: '1h', settle: 'yes' }, 'settle must be'],
  ])('refuses %j in one sentence', async (change, detail) => {
    const { create, clock } = await start()
    const refused = await clock(await create(), change)
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining(detail)])
  })

  test('of a session that is not there is a 404', async () => {
    const { clock } = await start()
    expect([(await clock('nobody', { reset: true })).status, (await clock('nobody', null)).status]).toEqual([404, 404])
  })
})

describe('the global clock', () => {
  test('rules what is in no session, on every node, and no session', async () => {
    const storage = memoryStorage()
    const [one, two] = [await start(storage), await start(storage)]
    const [id, inSession] = [await two.owe(null), await two.owe(await two.create())]
    expect((await one.clock(null, { advance: '3h', settle: true })).json).toMatchObject({
      session_id: null,
      applied: 1,
    })
    expect([one.calls.length + two.calls.length, (await two.delivery(id)).status]).toEqual([1, 'delivered'])
    expect((await two.delivery(inSession)).status).toBe('pending')
    // By the clock that has been advanced on the other node: due two hours after its time.
    const next = await two.delivery(await two.owe(null))
    expect(Date.parse(next.next_attempt_at) - Date.now()).toBeGreaterThan(4.9 * hour)
  })

  test('is nobody’s reason to read the definitions anew', async () => {
    let readings = 0
    const definitions = async () => {
      readings++
      return { parsed: [], failed: [] }
    }
    const { admin } = await startEngine({ definitions })
    await admin('POST', '/imnot/admin/clock', { body: '{"advance":"1h"}' })
    await systemClock().sleep(600)
    expect(readings).toBe(1)
  })
})

describe('due work of any kind', () => {
  /** Works that note when they were applied, on two nodes of one storage. */
  function twoNodes(follow: (name: string) => number | null = () => null) {
    const storage = memoryStorage()
    const applied: { name: string; at: number; by: number }[] = []
    const kind = (by: number): DueKind => ({
      queue: 'test',
      prefix: (scope) => `${scope}test/`,
      apply({ record, due, clock }) {
        const name = record.key.split('/').at(-1) ?? ''
        applied.push({ name, at: clock.now, by })
        const inMs = follow(name)
        const next = inMs === null ? null : dueBy(clock, due.at + inMs)
        const waits = next === null ? {} : { queue: 'test', dueAt: next.wall }
        return [{ type: 'put', key: record.key, value: { due: next }, expect: record.version, ...waits }]
      },
    })
    const nodes = [1, 2].map((by) => {
      const services = { storage, clock: systemClock(), wrote: () => {}, clockChanged: () => {}, kinds: [kind(by)] }
      return { clocks: createClocks(services), round: () => applyWhatIsDue(services, kind(by)) }
    })
    const add = async (name: string, inMs: number) => {
      const clock = await readClock(storage, systemClock(), null)
      if (clock === null) throw new Error('The global scope has a clock.')
      const due = dueBy(clock, clock.now + inMs)
      await storage.write([
        { type: 'put', key: `${keys.scope(null)}test/${name}`, value: { due }, queue: 'test', dueAt: due.wall },
        clock.check,
      ])
    }
    const [a, b] = nodes
    if (a === undefined || b === undefined) throw new Error('There are two.')
    return { storage, applied, a, b, add }
  }

  test('is applied in due order at its own time, each once, while the other node looks for work too', async () => {
    const { applied, a, b, add } = twoNodes()
    const before = Date.now()
    const names = Array.from({ length: 60 }, (_, index) => index)
    for (const index of [...names].reverse()) await add(`w${index}`, (index + 1) * 60_000)
    let isWalking = true
    const looking = (async () => {
      while (isWalking) await b.round()
    })()
    const advanced = await a.clocks.advance(null, { byMs: 61 * 60_000, settle: false })
    isWalking = false
    await looking
    expect(advanced).toMatchObject({ applied: 60, arrived: true })
    expect(applied.map(({ name }) => name)).toEqual(names.map((index) => `w${index}`))
    for (const [index, { at }] of applied.entries()) {
      expect(at - before).toBeGreaterThanOrEqual((index + 1) * 60_000)
      expect(at - before).toBeLessThan((index + 1) * 60_000 + 30_000)
    }
  })

  test('that follows from other work is applied on the same way', async () => {
    const { applied, a, add } = twoNodes((name) => (name === 'nightly' ? 24 * hour : null))
    await add('nightly', hour)
    await add('once', 30 * hour)
    await a.clocks.advance(null, { byMs: 73 * hour, settle: false })
    expect(applied.map(({ name }) => name)).toEqual(['nightly', 'nightly', 'once', 'nightly', 'nightly'])
  })

  test('waits while the clock is frozen, and comes with the background work once it runs', async () => {
    const { applied, a, b, add } = twoNodes()
    await add('soon', 10)
    await a.clocks.freeze(null)
    await systemClock().sleep(15)
    await b.round()
    expect(applied).toEqual([])
    await a.clocks.unfreeze(null)
    await expect.poll(() => b.round().then(() => applied.length), { interval: 2 }).toBe(1)
  })

  test('that was made due by an older clock is made due anew and not applied', async () => {
    const { storage, applied, a, b, add } = twoNodes()
    await a.clocks.advance(null, { byMs: hour, settle: false })
    await add('later', hour)
    // A node that wrote by the clock of before: due by the wall clock at once.
    const [record = null] = await storage.get([`${keys.scope(null)}test/later`])
    const { due } = (record?.value ?? {}) as { due: { at: number } }
    const old = { ...due, revision: 0, wall: 1 }
    await storage.write([
      { type: 'put', key: record?.key ?? '', value: { due: old }, queue: 'test', dueAt: 1 } as never,
    ])
    await b.round()
    const [after] = await storage.get([record?.key ?? ''])
    expect([applied, (after?.dueAt ?? 0) > Date.now()]).toEqual([[], true])
  })

  test('is left to the clock when two advance it at once: both distances count', async () => {
    const { a, b } = twoNodes()
    const before = Date.now()
    await Promise.all([
      a.clocks.advance(null, { byMs: hour, settle: false }),
      b.clocks.advance(null, { byMs: 2 * hour, settle: false }),
    ])
    expect(((await a.clocks.read(null))?.now ?? 0) - before).toBeGreaterThanOrEqual(3 * hour)
  })
})
