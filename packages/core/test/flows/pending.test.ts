import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startPartner } from '../support/start-partner.ts'

const yaml = `
partner: acme
datapoints:
  - name: jobs
    pattern: async
    expires: 1h
    endpoints:
      - { step: 1, method: POST, path: /jobs, capture: { size: body.size }, response: { generates_id: true, id_body_field: id } }
      - step: 2
        method: GET
        path: /jobs/{id}/status
        pending:
          - { polls: 2, response: { status: 202, body: { status: QUEUED, polls: "{{ flow.polls }}" } } }
          - { polls: 1, when: { flow: { size: XXL } }, response: { body: { status: SPLITTING } } }
          - { for: 5s, response: { headers: { Retry-After: "2" }, body: { status: RUNNING } } }
        callbacks: [ { url: "http://receiver.test/", body: { id: "{id}" } } ]
        response: { body: { status: COMPLETED } }
      - { step: 3, method: GET, path: "/jobs/{id}/result", pending: [ { polls: 1 } ], response: { body: { ok: true } } }
`

async function start() {
  const clock = manualClock()
  const calls: string[] = []
  const outbound = async ({ body }: { body: Uint8Array }) => {
    calls.push(new TextDecoder().decode(body))
    return { status: 200, retryAfter: null, body: new Uint8Array(0) }
  }
  const running = await startPartner(yaml, { clock, outbound, storage: memoryStorage({ now: clock.now }) })
  const submit = async (body: object = {}, headers = {}) =>
    String((await running.ask('POST', '/jobs', body, headers)).json.id)
  const poll = async (id: string) => (await running.ask('GET', `/jobs/${id}/status`)).json.status
  return { ...running, clock, calls, submit, poll }
}

describe('pending', () => {
  test('answers so often, then so long, then finally', async () => {
    const { submit, poll, clock } = await start()
    const id = await submit()
    expect([await poll(id), await poll(id), await poll(id)]).toEqual(['QUEUED', 'QUEUED', 'RUNNING'])
    await clock.advance(4999)
    expect(await poll(id)).toBe('RUNNING')
    await clock.advance(1)
    expect([await poll(id), await poll(id)]).toEqual(['COMPLETED', 'COMPLETED'])
  })

  test('passes over an entry whose condition does not hold', async () => {
    const { submit, poll } = await start()
    const id = await submit({ size: 'XXL' })
    expect([await poll(id), await poll(id), await poll(id), await poll(id)]).toEqual([
      ...['QUEUED', 'QUEUED', 'SPLITTING', 'RUNNING'],
    ])
  })

  test('is counted for each flow alone', async () => {
    const { submit, poll } = await start()
    const [one, other] = [await submit(), await submit()]
    expect([await poll(one), await poll(one), await poll(other), await poll(one), await poll(other)]).toEqual([
      ...['QUEUED', 'QUEUED', 'QUEUED', 'RUNNING', 'QUEUED'],
    ])
  })

  test('leaves the step undone, and callbacks come once, with the final answer', async () => {
    const { submit, poll, ask, clock, calls } = await start()
    const id = await submit()
    for (let round = 0; round < 3; round++) await poll(id)
    expect((await ask('GET', `/jobs/${id}/result`)).status).toBe(409)
    await clock.advance(60_000)
    expect(calls).toEqual([])
    for (let round = 0; round < 3; round++) expect(await poll(id)).toBe('COMPLETED')
    await clock.advance(1000)
    expect(calls).toEqual([JSON.stringify({ id })])
    expect((await ask('GET', `/jobs/${id}/result`)).json).toEqual({ ok: true })
    expect((await ask('GET', `/jobs/${id}/result`)).json).toEqual({ ok: true })
  })

  test('goes by the clock of the session', async () => {
    const { submit, poll, admin, newSession } = await start()
    const session = await newSession()
    const id = await submit({}, session)
    for (let round = 0; round < 3; round++) await poll(id)
    const path = `/imnot/admin/sessions/${session['x-imnot-session']}/clock`
    await admin('POST', path, { body: '{"advance":"5s"}', headers: { 'content-type': 'application/json' } })
    expect(await poll(id)).toBe('COMPLETED')
  })

  test('counts exactly, however many ask at once', async () => {
    const { submit, poll } = await start()
    const id = await submit()
    const statuses = await Promise.all(Array.from({ length: 30 }, () => poll(id)))
    expect(statuses.filter((status) => status === 'QUEUED')).toHaveLength(2)
    expect(statuses.filter((status) => status === 'RUNNING')).toHaveLength(28)
  })

  test('is not counted by a HEAD that no endpoint declares', async () => {
    const { submit, poll, ask } = await start()
    const id = await submit()
    for (let round = 0; round < 5; round++) expect((await ask('HEAD', `/jobs/${id}/status`)).status).toBe(202)
    expect(await poll(id)).toBe('QUEUED')
  })
})

describe('expires', () => {
  test('makes the id unknown when its time is over, and leaves nothing', async () => {
    const { submit, poll, ask, clock, storage, newSession } = await start()
    const ids = [await submit(), await submit({}, await newSession())]
    await clock.advance(3_599_000)
    for (const id of ids) expect(await poll(id)).toBe('QUEUED')
    await clock.advance(1000)
    for (const id of ids) expect((await ask('GET', `/jobs/${id}/status`)).status).toBe(404)
    await clock.advance(2000)
    const left = [...(await storage.list('global/')), ...(await storage.list('in/')), ...(await storage.list('id/'))]
    expect(left.filter(({ key }) => key.includes('flow/') || key.startsWith('id/'))).toEqual([])
  })
})
