import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { nodesInProcess } from '../support/nodes-in-process.ts'
import { sharedStorages } from '../support/storages.ts'

const partner = `partner: hotels
datapoints:
  - { name: rates, pattern: fetch, endpoints: [{ method: GET, path: /rates }] }
  - { name: time, pattern: static, endpoints: [{ method: GET, path: /time, response: { body: { now: "{{ now }}", at: "{{ base_url }}/time" } } }] }
  - name: exports
    pattern: async
    endpoints:
      - { step: 1, method: POST, path: /exports, response: { status: 202, generates_id: true, id_body_field: id } }
      - { step: 2, method: GET, path: "/exports/{id}", response: { body: { polls: "{{ flow.polls }}" } } }
      - { step: 3, method: GET, path: "/exports/{id}/file", response: { returns_payload: true } }
`

const odd = Buffer.concat([
  Buffer.from('\uFEFF{"a":1.10,\r\n"a":1e400}\r\n'),
  Buffer.from(Array.from({ length: 256 }, (_, at) => at)),
])

const storages = await sharedStorages()
const missing = storages.filter((storage) => storage.missing !== null).map(({ name }) => name)
const title = missing.length === 0 ? '' : ` (skipped: no ${missing.join(', ')})`

test.skipIf(missing.length > 0)(
  `a session wanders as a file from each storage to the next and answers the same bytes on each${title}`,
  { timeout: 60_000 },
  async () => {
    // Only the first machine has the partner.
    const machines = []
    for (const [index, storage] of storages.entries()) {
      const [node] = await nodesInProcess(storage, 1, index === 0 ? [partner] : [])
      if (node !== undefined) machines.push(node)
    }
    const [first, ...others] = machines
    if (first === undefined) throw new Error('There is no machine.')
    const session = await first.imnot.sessions.create({ label: 'INT-4211' })
    await session.clock.advance('3d')
    await session.clock.freeze()
    await session.payloads.set('hotels', 'exports', odd, { contentType: 'application/octet-stream' })
    await first.imnot.payloads.set('hotels', 'rates', '[1.10]')
    const submitted = await session.fetch('/exports', { method: 'POST' })
    const { id } = (await submitted.json()) as { id: string }
    await session.fetch(`/exports/${id}`)
    const expected = await answers(first.url, session.id, id)
    expect(expected.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(Buffer.from(expected[2]?.body ?? '', 'base64').equals(odd)).toBe(true)
    let file = await session.export()
    // To fetch the file is a poll, too.
    let polls = 2
    for (const { imnot, url } of others) {
      const moved = await imnot.sessions.import(file)
      expect(moved).toMatchObject({ id: session.id, label: 'INT-4211' })
      const found = await answers(url, moved.id, id)
      expect(found).toEqual(expected.map(({ body, ...rest }) => ({ ...rest, body: body.replaceAll(first.url, url) })))
      const polled = (await (await fetch(`${url}/exports/${id}`)).json()) as { polls: number }
      polls += 2
      expect(polled).toEqual({ polls })
      file = await moved.export()
    }
  },
)

/** What stays the same however often it is asked for. */
async function answers(url: string, session: string, id: string) {
  const found = []
  for (const path of ['/rates', '/time', `/exports/${id}/file`]) {
    const response = await fetch(`${url}/imnot/s/${session}${path}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    const isText = path === '/time'
    const body = isText ? bytes.toString() : bytes.toString('base64')
    found.push({ path, status: response.status, type: response.headers.get('content-type'), body })
  }
  return found
}
