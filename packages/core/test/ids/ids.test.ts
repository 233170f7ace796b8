import { describe, expect, test } from 'vitest'
import { compileId } from '../../src/ids/compile-id.ts'
import { scopeOf } from '../support/scope-of.ts'
import { startEngine } from '../support/start-engine.ts'

const json = { 'content-type': 'application/json' }

const partner = (id: string, rest = '') => `
partner: acme
datapoints:
  - name: jobs
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /jobs, response: { generates_id: true, id: ${JSON.stringify(id)}, body: { id: "{id}" } } }
      - { step: 2, method: GET, path: "/jobs/{id}", response: { body: { id: "{id}" } } }
${rest}`

async function start(id: string) {
  const running = await startEngine({ yaml: partner(id) })
  const submit = async (body = '{}', headers = {}) => {
    const response = await running.call('POST', '/jobs', { body, headers: { ...json, ...headers } })
    return { status: response.status, ...((await response.json()) as { id?: unknown; detail?: string }) }
  }
  const status = async (id: unknown, headers = {}) =>
    (await running.call('GET', `/jobs/${encodeURIComponent(String(id))}`, { headers })).status
  const session = async () => ({
    'x-imnot-session': (await running.admin('POST', '/imnot/admin/sessions')).json.session_id,
  })
  return { ...running, submit, status, session }
}

describe('formats of ids', () => {
  test.each([
    ['uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/],
    ['ulid', /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/],
    ['{hex:32}', /^[0-9a-f]{32}$/],
    ['{upper:4}-{digit:4}', /^[A-Z]{4}-\d{4}$/],
    ['file-{ulid}', /^file-[0-9A-HJKMNP-TV-Z]{26}$/],
    ['v1.{alnum:20}/{lower:2}', /^v1\.[0-9A-Za-z]{20}\/[a-z]{2}$/],
  ])('%s gives ids of its form, each another, by which the flow is found again', async (format, form) => {
    const { submit, status } = await start(format)
    const ids = [await submit(), await submit()].map(({ id }) => id)
    for (const id of ids) expect(id).toMatch(form)
    expect(ids[0]).not.toBe(ids[1])
    expect(await status(ids[0])).toBe(200)
  })

  test('a ulid begins with the time, so that ids sort by it', () => {
    const { make } = compileId('ulid')
    const at = (now: number) => make(scopeOf(), { number: 0, now })
    expect(at(1469918176385).slice(0, 10)).toBe('01ARYZ6S41')
    expect([at(3000), at(1000), at(2000)].sort().map((id) => id.slice(0, 10))).toEqual(
      [1000, 2000, 3000].map((now) => at(now).slice(0, 10)),
    )
  })

  test('only ids with at least 64 random bits belong to a session', () => {
    const isUnguessable = (format: string) => compileId(format).isUnguessable
    expect(['uuid', 'ulid', '{hex:16}', 'a-{alnum:11}'].map(isUnguessable)).toEqual([true, true, true, true])
    expect(['sequence', '{hex:15}', '{digit:19}', '{{ request.body.id }}'].map(isUnguessable)).toEqual([
      ...[false, false, false, false],
    ])
  })
})

describe('sequences', () => {
  test('count from 1 in each session, and are numbers', async () => {
    const { submit, session, status } = await start('sequence')
    const [one, other] = [await session(), await session()]
    expect([(await submit()).id, (await submit()).id]).toEqual([1, 2])
    expect([(await submit('{}', one)).id, (await submit('{}', one)).id, (await submit('{}', other)).id]).toEqual([
      1, 2, 1,
    ])
    expect([await status(2, one), await status(3, one)]).toEqual([200, 404])
  })

  test('do not tell a session: without its header the number is that of the global scope', async () => {
    const { submit, session, status } = await start('sequence')
    await submit('{}', await session())
    expect(await status(1)).toBe(404)
  })

  test('have leading zeros where the format says so', async () => {
    const { submit } = await start('RES-{seq:6}')
    expect([(await submit()).id, (await submit()).id]).toEqual(['RES-000001', 'RES-000002'])
  })

  test('pass over numbers that are taken, where a counter was lost', async () => {
    const { submit, storage } = await start('sequence')
    for (let round = 0; round < 60; round++) await submit()
    await storage.increment('global/counter/sequence/acme/jobs', { by: -60 })
    expect((await submit()).id).toBe(61)
  })

  test('give each of many at once another number', async () => {
    const { submit } = await start('sequence')
    const ids = await Promise.all(Array.from({ length: 50 }, async () => (await submit()).id as number))
    expect(ids.sort((a, b) => a - b)).toEqual(Array.from({ length: 50 }, (_, index) => index + 1))
  })
})

describe('ids that the client chooses', () => {
  test('are taken once in each scope; a taken one is a conflict that changes nothing', async () => {
    const { submit, session, admin } = await start('{{ request.body.name }}')
    expect(await submit('{"name":"a b/c"}')).toMatchObject({ status: 202, id: 'a b/c' })
    const again = await submit('{"name":"a b/c"}')
    expect(again.status).toBe(409)
    expect(again.detail).toContain('"a b/c"')
    const own = await session()
    expect([(await submit('{"name":"a b/c"}', own)).status, (await submit('{"name":"a b/c"}', own)).status]).toEqual([
      202, 409,
    ])
    expect((await admin('GET', '/imnot/admin/flows')).json).toHaveLength(2)
  })

  test('are asked for where there is none', async () => {
    const { submit } = await start('job-{{ request.body.name }}')
    const refused = await submit('{}')
    expect(refused.status).toBe(422)
    expect(refused.detail).toContain('names no id')
  })

  test('of many at once that choose the same one gets it', async () => {
    const { submit } = await start('{{ request.body.name }}')
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await submit('{"name":"x"}')).status))
    expect(statuses.filter((status) => status === 202)).toHaveLength(1)
    expect(statuses.filter((status) => status === 409)).toHaveLength(19)
  })
})
