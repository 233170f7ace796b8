import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { consumer } from '../support/consumer.ts'
import { startImnot } from '../support/imnot-process.ts'
import { ownPostgres, ownRedis } from '../support/own-servers.ts'
import { partnersFolder, seed } from '../support/partners.ts'

const marker = 'Okonkwo-4111-1111'
const callback = `partner: hooks
datapoints:
  - name: order
    pattern: callback
    endpoints: [{ method: POST, path: /orders, response: { callback_url_field: url } }]
`
const key = { IMNOT_ENCRYPTION_KEY: '5c'.repeat(32) }

const cases: [title: string, env: Record<string, string>, isThere: boolean][] = [
  ['with a key is nowhere on the disk', key, false],
  ['without one is there, so that this test would see it', {}, true],
]

test.each(cases)('what came from consumers and uploads in SQLite %s', async (_title, env, isThere) => {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-e2e-secret-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await playWithMarker(`sqlite:${join(folder, 'imnot.db')}`, env)
  expect(await isOnDisk(folder)).toBe(isThere)
})

describe.each([
  ['Redis', ownRedis],
  ['Postgres', ownPostgres],
])('what came from consumers and uploads in a %s of its own', (_name, { missing, start }) => {
  const skipped = missing === null ? '' : ` (skipped: ${missing})`
  test.skipIf(missing !== null).each(cases)(`%s, logs included${skipped}`, async (_title, env, isThere) => {
    const server = await start('durable')
    onTestFinished(() => server.remove())
    await playWithMarker(server.url, env)
    // The files of a server that has ended hold whatever it was still to write.
    await server.kill()
    expect(await isOnDisk(server.folder)).toBe(isThere)
  })
})

/** The payload is served as it was uploaded, to a second process too; a callback is owed to a URL of the consumer's. */
async function playWithMarker(storage: string, env: Readonly<Record<string, string>>): Promise<void> {
  const partners = await partnersFolder({ acme: seed, hooks: callback })
  onTestFinished(partners.remove)
  const body = JSON.stringify({ guest: marker })
  const first = await startImnot({ storage, partners: partners.folder, env })
  onTestFinished(first.kill)
  await consumer(first.url).upload(body, 'application/json')
  const job = await consumer(first.url).submit()
  await consumer(first.url).poll(job)
  const owed = await fetch(`${first.url}/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ url: `http://127.0.0.1:9/${marker}` }),
  })
  expect(owed.status).toBe(202)
  const second = await startImnot({ storage, partners: partners.folder, env })
  onTestFinished(second.kill)
  expect(await (await consumer(second.url).fetch(job)).text()).toBe(body)
}

async function isOnDisk(folder: string): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile())
  const contents = await Promise.all(files.map((file) => readFile(join(file.parentPath, file.name))))
  return contents.some((content) => content.includes(marker))
}
