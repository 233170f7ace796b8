import type { Imnot } from '@imnot/node'
import { describe, expect, test } from 'vitest'
import { nodesInProcess } from '../support/nodes-in-process.ts'
import { type SharedStorage, sharedStorages } from '../support/storages.ts'

const acme = `partner: acme
datapoints:
  - name: audit
    pattern: resource
    path: /audit
    id: sequence
  - name: jobs
    pattern: async
    endpoints:
      - step: 1
        method: POST
        path: /jobs
        capture: { file: body }
        generate: { output: "file-{ulid}" }
        response: { generates_id: true, id: sequence, body: { id: "{id}", output: "{{ flow.output }}" } }
      - step: 2
        method: GET
        path: /jobs/{id}
        pending: [ { polls: 40, response: { status: 202, body: { status: RUNNING } } } ]
        effects: [ { create: audit, record: { job: "{id}" } } ]
        response: { body: { status: DONE } }
      - { step: 3, method: GET, path: "/files/{output}", response: { body_from: flow.file } }
  - name: builds
    pattern: async
    state_field: status
    states:
      - { name: queued, polls: 30 }
      - { name: running, for: 1h }
      - { name: done, effects: [ { create: audit, record: { build: "{id}" } } ] }
    endpoints:
      - { step: 1, method: POST, path: /builds, response: { generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/builds/{id}" }
`

for (const storage of await sharedStorages()) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`flows of two nodes on one ${title}`, () => {
    test('give each its own number, also where both start flows at once', async () => {
      const [a, b] = await nodes(storage)
      const started = await Promise.all(
        Array.from({ length: 40 }, (_, at) => json(at % 2 === 0 ? a : b, 'POST', '/jobs')),
      )
      const ids = started.map(({ id }) => Number(id)).sort((one, other) => one - other)
      expect(ids).toEqual(Array.from({ length: 40 }, (_, index) => index + 1))
    })

    test('are pending exactly as often as declared, and have their effects once', async () => {
      const [a, b] = await nodes(storage)
      const { id } = await json(a, 'POST', '/jobs')
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, at) => json(at % 2 === 0 ? a : b, 'GET', `/jobs/${id}`)),
      )
      expect(answers.filter(({ status }) => status === 'RUNNING')).toHaveLength(40)
      expect(answers.filter(({ status }) => status === 'DONE')).toHaveLength(20)
      expect(await json(b, 'GET', '/audit')).toHaveLength(1)
    })

    test('give captured bytes back on the other node, found by a generated id', async () => {
      const [a, b] = await nodes(storage)
      const bytes = new Uint8Array([0, 255, 10, 128])
      const started = await a.fetch('http://mock/jobs', { method: 'POST', body: bytes })
      const { id, output } = (await started.json()) as { id: number; output: string }
      for (let poll = 0; poll < 41; poll++) await json(poll % 2 === 0 ? a : b, 'GET', `/jobs/${id}`)
      const read = await b.fetch(`http://mock/files/${output}`)
      expect(new Uint8Array(await read.arrayBuffer())).toEqual(bytes)
    })

    test('enter a state by polls on both nodes once, and by time on one of them', async () => {
      const [a, b] = await nodes(storage)
      const session = await a.sessions.create()
      const headers = { 'x-imnot-session': session.id }
      const { id } = await json(a, 'POST', '/builds', headers)
      const seen = await Promise.all(
        Array.from({ length: 50 }, (_, at) => json(at % 2 === 0 ? a : b, 'GET', `/builds/${id}`)),
      )
      expect(seen.filter(({ status }) => status === 'queued')).toHaveLength(29)
      expect(seen.filter(({ status }) => status === 'running')).toHaveLength(21)
      await session.clock.advance('1h')
      expect(await b.flows.get(id)).toMatchObject({ state: 'done', polls: 50 })
      expect(await json(b, 'GET', '/audit', headers)).toMatchObject([{ build: id }])
    })

    test('are steered on one node, and the other knows', async () => {
      const [a, b] = await nodes(storage)
      const { id } = await json(a, 'POST', '/builds')
      await b.flows.hold(id)
      for (let poll = 0; poll < 35; poll++)
        expect(await json(a, 'GET', `/builds/${id}`)).toMatchObject({ status: 'queued' })
      await a.flows.fail(id)
      expect((await b.fetch(`http://mock/builds/${id}`)).status).toBe(500)
      expect(await b.flows.complete(id)).toMatchObject({ state: 'done', steered: 'complete' })
      expect(await json(a, 'GET', `/builds/${id}`)).toMatchObject({ status: 'done' })
    })
  })
}

async function nodes(storage: SharedStorage): Promise<[Imnot, Imnot]> {
  const [a, b] = await nodesInProcess(storage, 2, [acme])
  return [a?.imnot as Imnot, b?.imnot as Imnot]
}

// biome-ignore lint/suspicious/noExplicitAny: answers of every shape
async function json(node: Imnot, method: string, path: string, headers: Record<string, string> = {}): Promise<any> {
  return (await node.fetch(`http://mock${path}`, { method, headers })).json()
}
