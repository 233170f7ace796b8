import { describe, expect, test } from 'vitest'
import { startPartner } from '../support/start-partner.ts'

const yaml = `
partner: acme
datapoints:
  - name: batches
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /batches, response: { generates_id: true, id: "batch-{ulid}", body: { id: "{id}" } } }
      - step: 2
        method: GET
        path: /batches/{id}
        generate: { output: "file-{ulid}" }
        response: { body: { output: "{{ flow.output }}" } }
      - { step: 3, method: GET, path: "/files/{output}/content", response: { body: { batch: "{id}", output: "{{ flow.output }}" } } }
      - { method: POST, path: "/batches/{id}/rotate", generate: { output: "file-{ulid}" }, response: { body: { output: "{{ flow.output }}" } } }
  - name: seats
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /seats, generate: { seat: "{{ request.body.seat }}", row: sequence }, response: { generates_id: true, body: { id: "{id}", row: "{{ flow.row }}" } } }
      - { step: 2, method: GET, path: "/seats/{seat}", response: { body: { id: "{id}" } } }
`

async function start() {
  const running = await startPartner(yaml)
  const batch = async (headers = {}) => {
    const { id } = (await running.ask('POST', '/batches', {}, headers)).json
    const { output } = (await running.ask('GET', `/batches/${id}`, undefined, headers)).json
    return { id, output } as { id: string; output: string }
  }
  return { ...running, batch }
}

describe('generate', () => {
  test('makes an id by which a parameter of its name finds the flow again', async () => {
    const { ask, batch } = await start()
    const { id, output } = await batch()
    expect(output).toMatch(/^file-[0-9A-Z]{26}$/)
    expect((await ask('GET', `/files/${output}/content`)).json).toEqual({ batch: id, output })
    expect((await ask('GET', '/files/file-x/content')).status).toBe(404)
  })

  test('gives the same id to who reads again, and a new one to who asks for it: then the old one is void', async () => {
    const { ask, batch } = await start()
    const { id, output } = await batch()
    expect((await ask('GET', `/batches/${id}`)).json.output).toBe(output)
    const { output: rotated } = (await ask('POST', `/batches/${id}/rotate`)).json
    expect(rotated).not.toBe(output)
    expect((await ask('GET', `/files/${output}/content`)).status).toBe(404)
    expect((await ask('GET', `/files/${rotated}/content`)).json).toEqual({ batch: id, output: rotated })
  })

  test('leads into the session of its flow, also without the session’s header, and to no other', async () => {
    const { ask, batch, newSession, admin } = await start()
    const [one, other] = [await newSession(), await newSession()]
    const { id, output } = await batch(one)
    expect((await ask('GET', `/files/${output}/content`)).json.batch).toBe(id)
    expect((await ask('GET', `/files/${output}/content`, undefined, one)).json.batch).toBe(id)
    expect((await ask('GET', `/files/${output}/content`, undefined, other)).status).toBe(404)
    await admin('DELETE', `/imnot/admin/sessions/${one['x-imnot-session']}`)
    expect((await ask('GET', `/files/${output}/content`)).status).toBe(404)
  })

  test('of a session leaves nothing behind when the session goes', async () => {
    const { batch, newSession, admin, storage } = await start()
    const session = await newSession()
    await batch(session)
    await admin('DELETE', `/imnot/admin/sessions/${session['x-imnot-session']}`)
    expect(await storage.list('id/')).toEqual([])
    expect(await storage.list('in/')).toEqual([])
  })

  test('refuses one that the client chooses and that is taken', async () => {
    const { ask } = await start()
    const first = await ask('POST', '/seats', { seat: '7C' })
    expect([first.status, first.json.row]).toEqual([202, 1])
    expect((await ask('POST', '/seats', { seat: '7C' })).status).toBe(409)
    expect((await ask('POST', '/seats', {})).status).toBe(422)
    expect((await ask('GET', '/seats/7C')).json.id).toBe(first.json.id)
  })
})
