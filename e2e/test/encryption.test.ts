import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ownRedisMissing, startOwnRedis } from '@imnot/tooling/servers/own-redis'
import { expect, onTestFinished, test } from 'vitest'
import { consumer } from '../support/consumer.ts'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'

const marker = 'Okonkwo-4111-1111'
const callback = `partner: hooks
datapoints:
  - name: order
    pattern: callback
    endpoints: [{ method: POST, path: /orders, response: { callback_url_field: url } }]
`
const key = { IMNOT_ENCRYPTION_KEY: '5c'.repeat(32) }

test.each([
  ['with a key is nowhere on the disk', key, false],
  ['without one is there, so that this test would see it', {}, true],
])('what came from consumers and uploads in SQLite %s', async (_title, env, isThere) => {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-e2e-secret-'))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  await playWithMarker(`sqlite:${join(folder, 'imnot.db')}`, env)
  expect(await isOnDisk(folder)).toBe(isThere)
})

const redisTest = ownRedisMissing === null ? test : test.skip

redisTest.each([
  ['with a key is nowhere in its log', key, false],
  ['without one is there, so that this test would see it', {}, true],
])(
  `what came from consumers and uploads in Redis %s${ownRedisMissing === null ? '' : ` (skipped: ${ownRedisMissing})`}`,
  async (_title, env, isThere) => {
    const server = await startOwnRedis('--appendonly', 'yes', '--appendfsync', 'always')
    onTestFinished(() => server.remove())
    await playWithMarker(server.url, env)
    expect(await isOnDisk(server.folder)).toBe(isThere)
  },
)

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
