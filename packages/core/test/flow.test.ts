import { describe, expect, test } from 'vitest'
import { memoryStorage } from '../src/index.ts'
import { seed } from './support/seed.ts'
import { startEngine } from './support/start-engine.ts'

const uuid = /^\/external\/jobs\/[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
const upload = '/imnot/admin/acme/data-sync/payload'

async function submit(running: Awaited<ReturnType<typeof startEngine>>): Promise<string> {
  const response = await running.call('POST', '/external/jobs', { body: '{}' })
  return response.headers.get('location') ?? ''
}

describe('the seed of the language', () => {
  test('runs submit, poll and fetch, and returns the uploaded bytes with their media type', async () => {
    const running = await startEngine({ yaml: seed })
    const payload = '{"price": 1.10, "price": 1.10, "n": 12345678901234567890}\r\n'
    await running.admin('POST', upload, { body: payload, headers: { 'content-type': 'application/vnd.acme+json' } })

    const submitted = await running.call('POST', '/external/jobs')
    expect(submitted.status).toBe(202)
    const location = submitted.headers.get('location') ?? ''
    expect(location).toMatch(uuid)

    const polled = await running.call('HEAD', location)
    expect([polled.status, polled.headers.get('status')]).toEqual([201, 'COMPLETED'])

    const fetched = await running.call('GET', location)
    expect([fetched.status, fetched.headers.get('content-type')]).toEqual([200, 'application/vnd.acme+json'])
    expect(await fetched.text()).toBe(payload)
  })

  test('refuses the fetch before the poll with a 409 that names the missing step and how to lift the order', async () => {
    const running = await startEngine({ yaml: seed })
    await running.admin('POST', upload, { body: '{}', headers: { 'content-type': 'application/json' } })
    const early = await running.call('GET', await submit(running))
    expect(early.status).toBe(409)
    const { detail } = (await early.json()) as { detail: string }
    expect(detail).toContain('step 2')
    expect(detail).toContain('optional: true')
    expect(detail).toContain('order: any')
  })

  test('answers an unknown id with 404 on every step', async () => {
    const running = await startEngine({ yaml: seed })
    for (const method of ['HEAD', 'GET']) {
      expect((await running.call(method, '/external/jobs/608b6449-d34b-40f4-a6db-94ff1a14dffd')).status).toBe(404)
    }
  })

  test('keeps the ids of one datapoint unknown to another', async () => {
    const other = seed.replaceAll('acme', 'other').replaceAll('/external', '/elsewhere')
    const running = await startEngine({ yaml: [seed, other] })
    const location = await submit(running)
    expect((await running.call('HEAD', location)).status).toBe(201)
    expect((await running.call('HEAD', location.replace('/external', '/elsewhere'))).status).toBe(404)
  })

  test('answers repeats of a step alike, and counts each GET and HEAD as a poll', async () => {
    const running = await startEngine({ yaml: seed })
    await running.admin('POST', upload, { body: '[]', headers: { 'content-type': 'application/json' } })
    const location = await submit(running)
    for (const method of ['HEAD', 'HEAD', 'GET', 'HEAD', 'GET'])
      expect((await running.call(method, location)).ok).toBe(true)
    const flow = (await running.admin('GET', `/imnot/admin/flows/${location.split('/').at(-1)}`)).json
    expect(flow).toMatchObject({ steps_done: [1, 2, 3], polls: 5 })
  })

  test('does not count a step as done that was refused for want of a payload', async () => {
    const running = await startEngine({ yaml: seed })
    const location = await submit(running)
    await running.call('HEAD', location)
    const refused = await running.call('GET', location)
    expect(refused.status).toBe(404)
    expect(((await refused.json()) as { detail: string }).detail).toContain(`POST ${upload}`)
    expect((await running.admin('GET', `/imnot/admin/flows/${location.split('/').at(-1)}`)).json.steps_done).toEqual([
      1, 2,
    ])
  })

  test('loses and doubles no step when a flow is polled in parallel from two nodes', async () => {
    const storage = memoryStorage()
    const a = await startEngine({ yaml: seed, storage })
    const b = await startEngine({ yaml: seed, storage })
    await a.admin('POST', upload, { body: '[]', headers: { 'content-type': 'application/json' } })
    const location = await submit(a)
    const polls = Array.from({ length: 60 }, (_, index) => [a, b][index % 2]?.call('HEAD', location))
    expect((await Promise.all(polls)).map((response) => response?.status)).toEqual(polls.map(() => 201))
    const flow = (await b.admin('GET', `/imnot/admin/flows/${location.split('/').at(-1)}`)).json
    expect(flow).toMatchObject({ steps_done: [1, 2], polls: 60 })
  })

  test('goes on where it was after the engine was started again on the same storage', async () => {
    const storage = memoryStorage()
    const before = await startEngine({ yaml: seed, storage })
    await before.admin('POST', upload, { body: 'true', headers: { 'content-type': 'application/json' } })
    const location = await submit(before)
    await before.call('HEAD', location)
    await before.engine.close()
    const after = await startEngine({ yaml: seed, storage })
    expect(await (await after.call('GET', location)).text()).toBe('true')
  })
})

describe('order', () => {
  test('lets an optional step be skipped', async () => {
    const running = await startEngine({ yaml: seed.replace('- step: 2', '- step: 2\n        optional: true') })
    await running.admin('POST', upload, { body: '{}', headers: { 'content-type': 'application/json' } })
    expect((await running.call('GET', await submit(running))).status).toBe(200)
  })

  test('is lifted by order: any', async () => {
    const running = await startEngine({ yaml: seed.replace('pattern: async', 'pattern: async\n    order: any') })
    await running.admin('POST', upload, { body: '{}', headers: { 'content-type': 'application/json' } })
    expect((await running.call('GET', await submit(running))).status).toBe(200)
  })
})

describe('the id of a flow', () => {
  const yaml = `partner: rates
datapoints:
  - name: push
    pattern: polling
    endpoints:
      - { step: 1, method: POST, path: /rates, response: { status: 200, generates_id: true, id_body_field: data.job.id, body: { ok: true, data: { note: "job {id}" } } } }
      - { step: 2, method: POST, path: /rates/status, id_from: body.job.id, response: { body: { status: COMPLETED } } }
      - { step: 3, method: GET, path: /rates/result, id_from: query.job, response: { returns_payload: true } }
      - { step: 4, method: DELETE, path: /rates, id_from: headers.X-Job, response: { status: 204 } }
`

  test('goes into a nested body field, and stands for {id} in the rest of the body', async () => {
    const running = await startEngine({ yaml })
    const answer = (await (await running.call('POST', '/rates')).json()) as {
      data: { job: { id: string }; note: string }
    }
    expect(answer).toEqual({ ok: true, data: { note: `job ${answer.data.job.id}`, job: { id: answer.data.job.id } } })
  })

  test('is found in a JSON body, a query, and a header', async () => {
    const running = await startEngine({ yaml })
    await running.admin('POST', '/imnot/admin/rates/push/payload', {
      body: '<r/>',
      headers: { 'content-type': 'text/xml' },
    })
    const { id } = ((await (await running.call('POST', '/rates')).json()) as { data: { job: { id: string } } }).data.job
    const json = { 'content-type': 'application/json' }
    const status = await running.call('POST', '/rates/status', { body: JSON.stringify({ job: { id } }), headers: json })
    expect(await status.json()).toEqual({ status: 'COMPLETED' })
    expect(await (await running.call('GET', `/rates/result?x=1&job=${id}`)).text()).toBe('<r/>')
    expect((await running.call('DELETE', '/rates', { headers: { 'x-job': id } })).status).toBe(204)
  })

  test('that the request does not name is a 404 that says where it was expected', async () => {
    const running = await startEngine({ yaml })
    for (const body of ['', 'not json', '{"job":null}', '{"job":{"id":["a"]}}', '{"__proto__":{"job":{"id":"x"}}}']) {
      const response = await running.call('POST', '/rates/status', {
        body,
        headers: { 'content-type': 'application/json' },
      })
      expect([body, response.status]).toEqual([body, 404])
    }
  })
})

test('a HEAD that no endpoint declares is answered like the GET and changes nothing', async () => {
  const running = await startEngine({
    yaml: seed
      .replace('method: HEAD', 'method: GET')
      .replace('path: /external/jobs/{id}', 'path: /external/jobs/{id}/status'),
  })
  const location = await submit(running)
  const head = await running.call('HEAD', `${location}/status`)
  expect([head.status, await head.text()]).toEqual([201, ''])
  const flow = (await running.admin('GET', `/imnot/admin/flows/${location.split('/').at(-1)}`)).json
  expect(flow).toMatchObject({ steps_done: [1], polls: 0 })
})
