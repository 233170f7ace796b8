import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { manualClock } from './support/manual-clock.ts'
import { seed } from './support/seed.ts'
import { type Running, startEngine } from './support/start-engine.ts'

const upload = '/imnot/admin/acme/data-sync/payload'
const json = { 'content-type': 'application/json' }

async function newSession(running: Running, options: object = {}) {
  const answer = await running.admin('POST', '/imnot/admin/sessions', { body: JSON.stringify(options), headers: json })
  return answer.json as { session_id: string; base_url: string; token: string; label: string | null }
}

async function uploadInto(running: Running, session: string, body: string) {
  const answer = await running.admin('POST', upload, { body, headers: { ...json, 'x-imnot-session': session } })
  expect(answer.status).toBe(200)
}

/** Submit, poll and fetch; how the later requests name the session is the caller's choice. */
async function runFlow(running: Running, base: string, first: Record<string, string>, later: Record<string, string>) {
  const submitted = await running.call('POST', `${base}/external/jobs`, { headers: first })
  const location = submitted.headers.get('location') ?? ''
  await running.call('HEAD', location, { headers: later })
  return (await running.call('GET', location, { headers: later })).text()
}

describe('a request that names no session that is there is told why', () => {
  const named = async (session: string) => {
    const running = await startEngine({ yaml: seed })
    await newSession(running, { label: 'INT-4211' })
    const answer = await running.call('GET', '/external/jobs/x', { headers: { 'x-imnot-session': session } })
    expect(answer.status).toBe(404)
    return ((await answer.json()) as { detail: string }).detail
  }

  test('an id of none', async () => {
    expect(await named('0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e')).toContain('deleted, has expired or never was')
  })

  test('a label, which is for the admin API and the command line', async () => {
    const detail = await named('INT-4211')
    expect(detail).toContain('There is no session "INT-4211": a request names its session by the id')
    expect(detail).not.toContain('expired')
  })
})

describe('a request belongs to the session', () => {
  test('that its base URL names; the location that it gets leads back into it', async () => {
    const running = await startEngine({ yaml: seed })
    const { session_id, base_url } = await newSession(running)
    await uploadInto(running, session_id, '"mine"')
    const submitted = await running.call('POST', `${base_url}/external/jobs`)
    expect(submitted.headers.get('location')).toMatch(new RegExp(`^${base_url}/external/jobs/[0-9a-f-]{36}$`))
    expect(await runFlow(running, base_url, {}, {})).toBe('"mine"')
  })

  test('that its header names', async () => {
    const running = await startEngine({ yaml: seed })
    const { session_id } = await newSession(running)
    await uploadInto(running, session_id, '"mine"')
    const header = { 'x-imnot-session': session_id }
    expect(await runFlow(running, '', header, header)).toBe('"mine"')
  })

  test('of the flow, where the request carries nothing but the id, also on a node that never met it', async () => {
    const storage = memoryStorage()
    const a = await startEngine({ yaml: seed, storage })
    const b = await startEngine({ yaml: seed, storage })
    const { session_id } = await newSession(a)
    await uploadInto(a, session_id, '"mine"')
    const submitted = await a.call('POST', '/external/jobs', { headers: { 'x-imnot-session': session_id } })
    const location = submitted.headers.get('location') ?? ''
    expect((await b.call('HEAD', location)).status).toBe(201)
    expect(await (await b.call('GET', location)).text()).toBe('"mine"')
  })

  test('that is named, and not the one of the flow: there the id is unknown', async () => {
    const running = await startEngine({ yaml: seed })
    const [one, two] = [await newSession(running), await newSession(running)]
    const submitted = await running.call('POST', '/external/jobs', { headers: { 'x-imnot-session': one.session_id } })
    const location = submitted.headers.get('location') ?? ''
    for (const method of ['HEAD', 'GET']) {
      expect((await running.call(method, location, { headers: { 'x-imnot-session': two.session_id } })).status).toBe(
        404,
      )
    }
  })
})

test('fifty sessions with a hundred flows each never see a byte of each other', async () => {
  const running = await startEngine({ yaml: seed })
  await running.admin('POST', upload, { body: '"global"', headers: json })
  const sessions = await Promise.all(Array.from({ length: 50 }, () => newSession(running)))
  await Promise.all(sessions.map(({ session_id }) => uploadInto(running, session_id, `"of ${session_id}"`)))
  const wrong: string[] = []
  await Promise.all(
    sessions.map(async ({ session_id, base_url }) => {
      for (let flow = 0; flow < 100; flow++) {
        const header = { 'x-imnot-session': session_id }
        const [base, first, later] = [
          [base_url, {}, {}],
          ['', header, header],
          ['', header, {}],
        ][flow % 3] as [string, Record<string, string>, Record<string, string>]
        const body = await runFlow(running, base, first, later)
        if (body !== `"of ${session_id}"`) wrong.push(`${session_id} got ${body}`)
      }
    }),
  )
  expect(wrong).toEqual([])
  const flows = (await running.admin('GET', `/imnot/admin/flows?session=${sessions[0]?.session_id}`)).json
  expect(flows).toHaveLength(100)
})

describe('a session', () => {
  test('falls back to the global payload, unless it is isolated', async () => {
    const running = await startEngine({ yaml: seed })
    await running.admin('POST', upload, { body: '"global"', headers: json })
    const [open, isolated] = [await newSession(running), await newSession(running, { isolated: true })]
    expect(await runFlow(running, open.base_url, {}, {})).toBe('"global"')
    expect(await runFlow(running, isolated.base_url, {}, {})).toContain('No payload was uploaded')
  })

  test('continues a global flow, unless it is isolated', async () => {
    const running = await startEngine({ yaml: seed })
    const location = (await running.call('POST', '/external/jobs')).headers.get('location') ?? ''
    const [open, isolated] = [await newSession(running), await newSession(running, { isolated: true })]
    expect((await running.call('HEAD', open.base_url + location)).status).toBe(201)
    expect((await running.call('HEAD', isolated.base_url + location)).status).toBe(404)
  })

  test('that is deleted is gone at once with all that is in it, on every node', async () => {
    const storage = memoryStorage()
    const a = await startEngine({ yaml: seed, storage })
    const b = await startEngine({ yaml: seed, storage })
    const before = (await storage.list('')).map(({ key }) => key)
    const { session_id } = await newSession(a, { label: 'INT-4211' })
    await uploadInto(a, session_id, '"secret"')
    const header = { 'x-imnot-session': session_id }
    const location = (await a.call('POST', '/external/jobs', { headers: header })).headers.get('location') ?? ''
    await b.call('HEAD', location)
    expect((await a.admin('DELETE', '/imnot/admin/sessions/INT-4211')).json).toEqual({ status: 'ok', session_id })
    expect((await b.call('HEAD', location)).status).toBe(404)
    const named = await b.call('POST', '/external/jobs', { headers: header })
    expect([named.status, await named.text()]).toEqual([404, expect.stringContaining('There is no session')])
    expect((await b.admin('POST', upload, { body: '1', headers: { ...json, ...header } })).status).toBe(404)
    expect((await storage.list('')).map(({ key }) => key)).toEqual(before)
  })

  test('takes nothing in that was on its way when it was deleted', async () => {
    const storage = memoryStorage()
    let deleteNow = async () => {}
    const slow = {
      ...storage,
      write: async (...input: Parameters<typeof storage.write>) => {
        const act = deleteNow
        deleteNow = async () => {}
        await act()
        return storage.write(...input)
      },
    }
    const running = await startEngine({ yaml: seed, storage: slow })
    const other = await startEngine({ yaml: seed, storage })
    const { session_id } = await newSession(running)
    deleteNow = async () => {
      await other.admin('DELETE', `/imnot/admin/sessions/${session_id}`)
    }
    const late = await running.call('POST', '/external/jobs', { headers: { 'x-imnot-session': session_id } })
    expect(late.status).toBe(404)
    expect((await storage.list('in/')).map(({ key }) => key)).toEqual([])
  })

  test('ends when it was not used for its lifetime, and is erased by the sweep', async () => {
    const clock = manualClock()
    const storage = memoryStorage({ now: clock.now })
    const running = await startEngine({ yaml: seed, storage, clock })
    const { session_id, base_url } = await newSession(running, { ttl: '1h' })
    await uploadInto(running, session_id, '"x"')
    await clock.advance(50 * 60_000)
    expect((await running.call('POST', `${base_url}/external/jobs`)).status).toBe(202)
    await clock.advance(50 * 60_000)
    expect((await running.call('POST', `${base_url}/external/jobs`)).status).toBe(202)
    await clock.advance(61 * 60_000)
    expect((await running.call('POST', `${base_url}/external/jobs`)).status).toBe(404)
    await clock.advance(120_000)
    expect((await storage.list('in/')).concat(await storage.list('session/'), await storage.list('id/'))).toEqual([])
  })

  test('is written down as used at most once in a hundredth of its lifetime', async () => {
    const clock = manualClock()
    const running = await startEngine({ yaml: seed, clock, storage: memoryStorage({ now: clock.now }) })
    const { session_id, base_url } = await newSession(running, { ttl: '100m' })
    const lastUsed = async () => (await running.admin('GET', `/imnot/admin/sessions/${session_id}`)).json.last_used
    const created = await lastUsed()
    await clock.advance(30_000)
    await running.call('POST', `${base_url}/external/jobs`)
    expect(await lastUsed()).toBe(created)
    await clock.advance(31_000)
    await running.call('POST', `${base_url}/external/jobs`)
    expect(await lastUsed()).toBe(new Date(clock.now()).toISOString())
  })

  test('has a label that no other live session has, and that is free again afterwards', async () => {
    const running = await startEngine({ yaml: seed })
    await newSession(running, { label: 'INT-1' })
    const taken = await running.admin('POST', '/imnot/admin/sessions', { body: '{"label":"INT-1"}', headers: json })
    expect([taken.status, taken.json.detail]).toEqual([409, expect.stringContaining('"INT-1" belongs to')])
    await running.admin('DELETE', '/imnot/admin/sessions/INT-1')
    expect((await newSession(running, { label: 'INT-1' })).label).toBe('INT-1')
  })

  test.each([
    ['{"label":""}', 'label must be'],
    ['{"label":"a/b"}', 'label must be'],
    ['{"ttl":"forever"}', 'ttl must be'],
    ['{"ttl":"0s"}', 'ttl must be'],
    ['{"isolated":"yes"}', 'isolated must be'],
    ['{"lable":"x"}', 'no "lable"'],
    ['[]', 'JSON object'],
    ['{', 'JSON object'],
  ])('is not made from %s', async (body, detail) => {
    const running = await startEngine()
    const refused = await running.admin('POST', '/imnot/admin/sessions', { body, headers: json })
    expect([refused.status, refused.json.detail]).toEqual([400, expect.stringContaining(detail)])
  })

  test('holds payloads of many datapoints, and lists them in the order of their uploads', async () => {
    const running = await startEngine({
      yaml: [
        seed,
        'partner: shop\ndatapoints: [{ name: bill, pattern: fetch, endpoints: [{ method: GET, path: /bill }] }]',
      ],
    })
    const made = (
      await running.admin('POST', '/imnot/admin/shop/bill/payload/session', { body: '{"b":1}', headers: json })
    ).json
    await uploadInto(running, made.session_id, '"d"')
    const [listed] = (await running.admin('GET', '/imnot/admin/sessions')).json
    expect(listed).toMatchObject({
      session_id: made.session_id,
      partner: 'shop',
      datapoint: 'bill',
      payloads: [
        { partner: 'shop', datapoint: 'bill' },
        { partner: 'acme', datapoint: 'data-sync' },
      ],
    })
    expect(await (await running.call('GET', '/bill', { headers: { 'x-imnot-session': made.session_id } })).text()).toBe(
      '{"b":1}',
    )
  })
})
