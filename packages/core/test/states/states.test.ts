import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { countingStorage } from '../support/counting-storage.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startPartner } from '../support/start-partner.ts'

const yaml = `
partner: acme
datapoints:
  - name: audit
    pattern: resource
    path: /audit
    id: sequence
  - name: jobs
    pattern: async
    state_field: job.status
    states:
      - { name: queued, polls: 1 }
      - { name: running, for: 5s, set: { begun: "{{ now }}" }, callbacks: [ { url: "http://receiver.test/", body: { id: "{id}", now: "{{ flow.state }}" } } ] }
      - { name: failed, when: { flow: { size: XXL } }, set: { error: quota } }
      - name: done
        set: { output: "out-{{ flow.size }}", link: "{{ base_url }}/jobs/{id}/output" }
        callbacks: [ { url: "http://receiver.test/", body: { id: "{id}", now: "{{ flow.state }}", link: "{{ flow.link }}" } } ]
        effects: [ { create: audit, record: { job: "{id}", output: "{{ flow.output }}" } } ]
      - { name: cancelled }
      - { name: paused }
    endpoints:
      - step: 1
        method: POST
        path: /jobs
        capture: { size: body.size }
        response: { generates_id: true, id_body_field: job.id }
      - step: 2
        method: GET
        path: /jobs/{id}
        responses: [ { when: { flow: { state: failed } }, response: { status: 424, body: { error: "{{ flow.error }}" } } } ]
        response: { body: { output: "{{ flow.output }}", polls: "{{ flow.polls }}" } }
      - { method: GET, path: "/jobs/{id}/output", when: { flow: { state: done } }, response: { body: { output: "{{ flow.output }}" } } }
      - { method: POST, path: "/jobs/{id}/cancel", effects: [ { enter: cancelled }, { set: { by: "{{ request.body.by }}" } } ], response: { body: { by: "{{ flow.by }}" } } }
      - { method: POST, path: "/jobs/{id}/pause", effects: [ { enter: paused } ] }
      - { method: POST, path: "/jobs/{id}/resume", effects: [ { enter: running } ] }
`

async function start() {
  const clock = manualClock()
  const calls: string[] = []
  const outbound = async ({ body }: { body: Uint8Array }) => {
    const { now, link } = JSON.parse(new TextDecoder().decode(body)) as { now: string; link?: string }
    calls.push(link === undefined ? now : `${now} ${link.replace(/jobs\/.*\/output/, 'jobs/ID/output')}`)
    return { status: 200, retryAfter: null, body: new Uint8Array(0) }
  }
  const running = await startPartner(yaml, { clock, outbound, storage: memoryStorage({ now: clock.now }) })
  const submit = async (size = 'S', headers = {}) => (await running.ask('POST', '/jobs', { size }, headers)).json.job
  const poll = async (id: string) => {
    const { status, json } = await running.ask('GET', `/jobs/${id}`)
    return status === 200 ? json.job.status : json.error
  }
  const flow = async (id: string) => (await running.admin('GET', `/imnot/admin/flows/${id}`)).json
  return { ...running, clock, calls, submit, poll, flow }
}

describe('states', () => {
  test('begin with the first, go on by polls, and by time whether somebody asks or not', async () => {
    const { submit, poll, clock, flow } = await start()
    const { id, status } = await submit()
    expect(status).toBe('queued')
    expect([await poll(id), await poll(id)]).toEqual(['running', 'running'])
    await clock.advance(4999)
    expect((await flow(id)).state).toBe('running')
    await clock.advance(1001)
    expect((await flow(id)).state).toBe('done')
    expect([await poll(id), await poll(id)]).toEqual(['done', 'done'])
  })

  test('are skipped unless their condition holds, and choose the answer', async () => {
    const { submit, poll, clock } = await start()
    const { id } = await submit('XXL')
    await poll(id)
    await clock.advance(5000)
    expect([await poll(id), await poll(id)]).toEqual(['quota', 'quota'])
  })

  test('are passed by the request that comes late, where nobody has passed them before', async () => {
    const clock = manualClock()
    const storage = memoryStorage({ now: clock.now })
    const { ask } = await startPartner(yaml, { clock, storage, background: false })
    const { id } = (await ask('POST', '/jobs', { size: 'L' })).json.job
    await ask('GET', `/jobs/${id}`)
    await clock.advance(60_000)
    expect((await ask('GET', `/jobs/${id}`)).json).toEqual({ job: { status: 'done' }, output: 'out-L', polls: 2 })
    expect((await ask('GET', '/audit')).json).toHaveLength(1)
  })

  test('set, call back and have effects once, in one write, also where time alone enters them', async () => {
    const { submit, poll, clock, calls, ask } = await start()
    const { id } = await submit()
    await poll(id)
    await clock.advance(30_000)
    expect(calls).toEqual(['running', 'done http://127.0.0.1/jobs/ID/output'])
    expect((await ask('GET', '/audit')).json).toMatchObject([{ id: 1, job: id, output: 'out-S' }])
    for (let round = 0; round < 3; round++) await poll(id)
    await clock.advance(30_000)
    expect(calls).toHaveLength(2)
    expect((await ask('GET', '/audit')).json).toHaveLength(1)
  })

  test('are entered by effects, of which a request that is no GET has each time its own', async () => {
    const { submit, poll, ask, clock, flow } = await start()
    const { id } = await submit()
    await poll(id)
    expect((await ask('POST', `/jobs/${id}/pause`)).json).toEqual({ job: { status: 'paused' } })
    await clock.advance(60_000)
    expect(await poll(id)).toBe('paused')
    expect((await ask('POST', `/jobs/${id}/resume`)).json).toEqual({ job: { status: 'running' } })
    await ask('POST', `/jobs/${id}/pause`)
    await clock.advance(60_000)
    expect((await flow(id)).state).toBe('paused')
    expect((await ask('POST', `/jobs/${id}/cancel`, { by: 'Ada' })).json).toEqual({
      job: { status: 'cancelled' },
      by: 'Ada',
    })
    await clock.advance(60_000)
    expect(await poll(id)).toBe('cancelled')
  })

  test('tell endpoints of one route apart', async () => {
    const { submit, ask, poll, clock } = await start()
    const { id } = await submit()
    expect((await ask('GET', `/jobs/${id}/output`)).status).toBe(404)
    await poll(id)
    await clock.advance(6000)
    expect((await ask('GET', `/jobs/${id}/output`)).json).toEqual({ output: 'out-S', job: { status: 'done' } })
  })

  test('go by the clock of their session', async () => {
    const { submit, poll, admin, newSession, flow } = await start()
    const session = await newSession()
    const { id } = await submit('S', session)
    await poll(id)
    const path = `/imnot/admin/sessions/${session['x-imnot-session']}/clock`
    const headers = { 'content-type': 'application/json' }
    const advanced = await admin('POST', path, { body: '{"advance":"1m"}', headers })
    expect(advanced.json.applied).toBeGreaterThan(0)
    expect((await flow(id)).state).toBe('done')
  })

  test('come when they should where the clock of the storage is ahead, and it is not asked all the time', async () => {
    const clock = manualClock()
    const counting = countingStorage(memoryStorage({ now: () => clock.now() + 3000 }))
    const { ask, admin } = await startPartner(yaml, { clock, storage: counting.storage })
    const { id } = (await ask('POST', '/jobs', { size: 'S' })).json.job
    await ask('GET', `/jobs/${id}`)
    const state = async () => (await admin('GET', `/imnot/admin/flows/${id}`)).json.state
    counting.reset()
    await clock.advance(4900)
    expect(await state()).toBe('running')
    await clock.advance(1500)
    expect(await state()).toBe('done')
    expect(counting.counts.claim).toBeLessThan(60)
  })

  test('cost a poll one read and one write', async () => {
    const counting = countingStorage(memoryStorage())
    const { ask } = await startPartner(yaml, { storage: counting.storage, background: false })
    const { id } = (await ask('POST', '/jobs', { size: 'S' })).json.job
    await ask('POST', `/jobs/${id}/pause`)
    counting.reset()
    await ask('GET', `/jobs/${id}`)
    expect(counting.counts).toMatchObject({ get: 1, write: 1 })
  })

  test('are polled exactly, however many ask at once', async () => {
    const { submit, poll, flow } = await start()
    const { id } = await submit()
    const seen = await Promise.all(Array.from({ length: 20 }, () => poll(id)))
    expect(new Set(seen)).toEqual(new Set(['running']))
    expect((await flow(id)).polls).toBe(20)
  })
})
