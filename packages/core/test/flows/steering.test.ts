import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../../src/index.ts'
import { manualClock } from '../support/manual-clock.ts'
import { startPartner } from '../support/start-partner.ts'

const yaml = `
partner: acme
errors: { failed: { status: 424, body: { code: job_failed } } }
datapoints:
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/jobs/{id}", pending: [ { polls: 2, response: { body: A } }, { for: 5s, response: { body: B } } ], response: { body: C } }
  - name: builds
    pattern: async
    state_field: status
    states:
      - { name: queued, polls: 2 }
      - { name: running, for: 5s }
      - { name: done, callbacks: [ { url: "http://receiver.test/", body: { id: "{id}" } } ] }
      - { name: cancelled }
    endpoints:
      - { step: 1, method: POST, path: /builds, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/builds/{id}" }
`

async function start() {
  const clock = manualClock()
  const calls: string[] = []
  const outbound = async ({ body }: { body: Uint8Array }) => {
    calls.push(new TextDecoder().decode(body))
    return { status: 200, retryAfter: null, body: new Uint8Array(0) }
  }
  const running = await startPartner(yaml, { clock, outbound, storage: memoryStorage({ now: clock.now }) })
  const begin = async (path: string, headers = {}) => String((await running.ask('POST', path, {}, headers)).json.id)
  const steer = (id: string, how: string, query = '') =>
    running.admin('POST', `/imnot/admin/flows/${id}/${how}${query}`)
  return { ...running, clock, calls, begin, steer }
}

describe('a tester who steers a flow', () => {
  test('completes it: nothing is pending any more', async () => {
    const { ask, begin, steer } = await start()
    const id = await begin('/jobs')
    expect((await ask('GET', `/jobs/${id}`)).text).toBe('A')
    expect((await steer(id, 'complete')).json).toMatchObject({ id, steered: 'complete', polls: 1 })
    expect((await ask('GET', `/jobs/${id}`)).text).toBe('C')
  })

  test('runs it on to a state that stays, with what that owes', async () => {
    const { ask, begin, steer, clock, calls } = await start()
    const id = await begin('/builds')
    expect((await steer(id, 'complete')).json).toMatchObject({ state: 'done' })
    await clock.advance(60_000)
    expect(calls).toEqual([JSON.stringify({ id })])
    expect((await ask('GET', `/builds/${id}`)).json).toEqual({ status: 'done' })
  })

  test('holds it: neither polls nor time take it further until it is completed', async () => {
    const { ask, begin, steer, clock } = await start()
    const [job, build] = [await begin('/jobs'), await begin('/builds')]
    for (let poll = 0; poll < 2; poll++) await ask('GET', `/builds/${build}`)
    expect((await steer(build, 'hold')).json).toMatchObject({ state: 'running', steered: 'hold' })
    await steer(job, 'hold')
    await clock.advance(60_000)
    for (let poll = 0; poll < 5; poll++) {
      expect((await ask('GET', `/builds/${build}`)).json).toEqual({ status: 'running' })
      expect((await ask('GET', `/jobs/${job}`)).text).toBe('A')
    }
    await steer(build, 'complete')
    expect((await ask('GET', `/builds/${build}`)).json).toEqual({ status: 'done' })
  })

  test('lets it fail in the shape of the partner, and takes that back', async () => {
    const { ask, begin, steer } = await start()
    const id = await begin('/jobs')
    await steer(id, 'fail')
    const failed = await ask('GET', `/jobs/${id}`)
    expect([failed.status, failed.json]).toEqual([424, { code: 'job_failed' }])
    await steer(id, 'complete')
    expect((await ask('GET', `/jobs/${id}`)).text).toBe('C')
  })

  test('is told of an unknown id, and of a flow of another session', async () => {
    const { begin, steer, newSession } = await start()
    const [one, other] = [await newSession(), await newSession()]
    const id = await begin('/jobs', one)
    expect((await steer('x', 'hold')).status).toBe(404)
    expect((await steer(id, 'hold', `?session=${other['x-imnot-session']}`)).status).toBe(404)
    expect((await steer(id, 'hold', `?session=${one['x-imnot-session']}`)).json).toMatchObject({ steered: 'hold' })
  })

  test('finds the routes in the OpenAPI document', async () => {
    const { admin } = await start()
    const { paths } = (await admin('GET', '/imnot/admin/openapi.json')).json
    for (const how of ['complete', 'hold', 'fail'])
      expect(paths[`/imnot/admin/flows/{flow_id}/${how}`].post.summary).toBeTypeOf('string')
  })
})
