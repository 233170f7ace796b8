import { randomUUID } from 'node:crypto'
import { isListening } from '@imnot/tooling/servers/is-listening'
import { ownServerMissing, startOwnServer } from '@imnot/tooling/servers/own-redis'
import { Redis } from 'ioredis'
import { afterAll, test as vitestTest } from 'vitest'

const standardUrl = 'redis://127.0.0.1:6379'

/** The server that the tests share; null where there is none. */
export const sharedUrl = await findServer()

/** A test on the shared server: left out by name where there is none, and failing with CI=true. */
export const test = testWith(sharedUrl === null ? 'no Redis: name one in IMNOT_TEST_REDIS_URL' : null)

/** A test that starts a server of its own. */
export const ownServerTest = testWith(ownServerMissing)

/** A prefix that no other test has; what was written under it is removed after the tests of this file. Not within a test. */
export function ownPrefix(): string {
  const prefix = `test-${randomUUID()}`
  afterAll(() => removeKeys(prefix))
  return prefix
}

export async function removeKeys(prefix: string): Promise<void> {
  const client = new Redis(sharedUrl ?? standardUrl)
  for await (const keys of client.scanStream({ match: `*{${prefix}}:*`, count: 1000 })) {
    if (keys.length > 0) await client.unlink(...(keys as string[]))
  }
  await client.quit()
}

async function findServer(): Promise<string | null> {
  const { IMNOT_TEST_REDIS_URL: named } = process.env
  if (named !== undefined) return named
  if (await isListening('127.0.0.1', 6379)) return standardUrl
  if (ownServerMissing !== null) return null
  const server = await startOwnServer()
  afterAll(() => server.remove())
  return server.url
}

function testWith(missing: string | null) {
  if (missing === null) return vitestTest
  if (process.env.CI === 'true') throw new Error(`CI needs a Redis, but ${missing}.`)
  const skipped = (title: string) => vitestTest.skip(`${title} (skipped: ${missing})`)
  return Object.assign(skipped, { skip: skipped }) as unknown as typeof vitestTest
}
