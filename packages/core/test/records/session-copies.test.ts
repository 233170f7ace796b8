import { expect, test } from 'vitest'
import { startEngine } from '../support/start-engine.ts'

const yaml = `
partner: p
datapoints:
  - name: jobs
    pattern: resource
    path: /jobs
    unique: [name]
    state_field: status
    states: [ { name: queued, polls: 1 }, { name: done } ]
`
const json = { 'content-type': 'application/json' }

test('an exported session has its records where they stood, and their ids lead to it where it is made anew', async () => {
  const { call, admin, engine } = await startEngine({ yaml, background: false })
  const made = (await admin('POST', '/imnot/admin/sessions', { body: '{}', headers: json })).json.session_id
  const inside = { ...json, 'x-imnot-session': made }
  const job = await (await call('POST', '/jobs', { body: '{"name":"one"}', headers: inside })).json()
  const url = `/imnot/admin/sessions/${made}/export`
  const { body } = await engine.admin({ method: 'GET', url, headers: new Headers(), body: null })
  const chunks: Uint8Array[] = []
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk)

  const other = await startEngine({ yaml, background: false })
  const imported = await other.admin('POST', '/imnot/admin/sessions/import', { body: Buffer.concat(chunks) })
  expect(imported.status).toBe(201)
  // No session is named: the id leads to it.
  const found = await (await other.call('GET', `/jobs/${job.id}`)).json()
  expect(found).toMatchObject({ id: job.id, name: 'one', status: 'done' })
  const copy = { ...json, 'x-imnot-session': imported.json.session_id }
  expect((await other.call('POST', '/jobs', { body: '{"name":"one"}', headers: copy })).status).toBe(409)
  expect((await other.admin('DELETE', `/imnot/admin/sessions/${imported.json.session_id}`)).status).toBe(200)
  expect((await other.call('GET', `/jobs/${job.id}`)).status).toBe(404)
  expect((await (await call('GET', '/jobs', { headers: inside })).json())[0].status).toBe('queued')
})
