import { execFile } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { describe, expect, onTestFinished, test } from 'vitest'
import { startImnot } from '../support/imnot-process.ts'
import { runCollection } from '../support/newman.ts'
import { sharedStorages } from '../support/storages.ts'

const examples = fileURLToPath(new URL('../../examples', import.meta.url))
const everyPattern = fileURLToPath(new URL('fixtures/postman', import.meta.url))
const bin = fileURLToPath(new URL('../../packages/cli/bin/imnot.js', import.meta.url))

/**
 * Partners that a collection cannot play: it does not know what a pattern of one's own does, nor which documents the clients of
 * real partners send. Those play them themselves.
 */
const playedOtherwise: readonly string[] = ['custom-pattern', 'sdk-clients']

/** Every other example that has partners, and a folder with every pattern. */
const folders = [
  ...(await readdir(examples, { recursive: true }))
    .filter((name) => /^[^/\\]+[/\\]partners$/.test(name))
    .filter((name) => !playedOtherwise.includes(dirname(name)))
    .map((name) => ({ name: `examples/${dirname(name)}`, partners: join(examples, name) })),
  { name: 'a partner with every pattern', partners: everyPattern },
]

const key = 'the-admin-key-of-this-very-test'

for (const storage of (await sharedStorages()).filter(({ name }) => name !== 'postgres')) {
  const title = storage.missing === null ? storage.name : `${storage.name} (skipped: ${storage.missing})`
  describe.skipIf(storage.missing !== null)(`a collection played by newman on ${title}`, () => {
    test.each(folders)('gets the answers that $name declares, and leaves nothing behind', async ({ partners }) => {
      const { url, collection } = await served(storage, partners)
      const run = await runCollection(collection, { base_url: url, admin_key: key })
      expect(run.failures).toEqual([])
      expect(run.assertions).toBeGreaterThanOrEqual(run.requests.length)
      const declared = (await routesOf(partners)).length
      expect(run.requests.length).toBeGreaterThanOrEqual(declared + 6)
      expect(await ask(url, '/imnot/admin/sessions')).toEqual([])
      expect(await ask(url, '/imnot/admin/flows')).toEqual([])
    })
  })
}

test('a collection says which request was not answered as declared', async () => {
  const [sqlite] = await sharedStorages()
  const { url, collection } = await served(sqlite as NonNullable<typeof sqlite>, everyPattern)
  const run = await runCollection(collection, { base_url: url, admin_key: 'a-wrong-key-that-is-long-enough' })
  expect(run.failures).toContain('Open a session: expected response to have status code 201 but got 401')
})

test('the collection of a running server is the one that the command writes', async () => {
  const [sqlite] = await sharedStorages()
  const { url, collection } = await served(sqlite as NonNullable<typeof sqlite>, everyPattern)
  expect(await ask(url, '/imnot/admin/postman?base_url=http://127.0.0.1:8000')).toEqual(collection)
})

type Shared = Awaited<ReturnType<typeof sharedStorages>>[number]

async function served(storage: Shared, partners: string) {
  const home = await mkdtemp(join(tmpdir(), 'imnot-postman-'))
  const folder = join(home, 'partners')
  await cp(partners, folder, { recursive: true })
  const { url: storageUrl, remove } = await storage.create()
  const server = await startImnot({ storage: storageUrl, partners: folder, env: { IMNOT_ADMIN_KEY: key } })
  onTestFinished(async () => {
    await server.kill()
    await remove()
    await rm(home, { recursive: true, force: true })
  })
  await imnot(['export', 'postman', '--partners-dir', folder, '--out', join(home, 'collection.json')])
  return { url: server.url, collection: JSON.parse(await readFile(join(home, 'collection.json'), 'utf8')) as object }
}

async function routesOf(partners: string): Promise<unknown[]> {
  const { stdout } = await imnot(['routes', '--json', '--partners-dir', partners])
  return (JSON.parse(stdout) as { consumer: unknown[] }).consumer
}

function imnot(args: readonly string[]) {
  return promisify(execFile)(process.execPath, [bin, ...args], { cwd: tmpdir(), maxBuffer: 50_000_000 })
}

async function ask(url: string, path: string): Promise<unknown> {
  const response = await fetch(`${url}${path}`, { headers: { authorization: `Bearer ${key}` } })
  expect(response.status).toBe(200)
  return response.json()
}
