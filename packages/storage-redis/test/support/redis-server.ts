import { randomUUID } from 'node:crypto'
import { ownRedisMissing } from '@imnot/tooling/servers/own-redis'
import { findServer, redisForTests } from '@imnot/tooling/servers/test-servers'
import { Redis } from 'ioredis'
import { afterAll, test as vitestTest } from 'vitest'

const server = await findServer(redisForTests)

/** The server that the tests share; null where there is none. */
export const sharedUrl = server.missing === null ? server.url : null

/** A test on the shared server: left out by name where there is none, and failing with CI=true. */
export const test = testWith(server.missing)

/** A test that starts a server of its own. */
export const ownServerTest = testWith(ownRedisMissing)

/** A prefix that no other test has; what was written under it is removed after the tests of this file. Not within a test. */
export function ownPrefix(): string {
  const prefix = `test-${randomUUID()}`
  afterAll(() => removeKeys(prefix))
  return prefix
}

export async function removeKeys(prefix: string): Promise<void> {
  const client = new Redis(server.url)
  for await (const keys of client.scanStream({ match: `*{${prefix}}:*`, count: 1000 })) {
    if (keys.length > 0) await client.unlink(...(keys as string[]))
  }
  await client.quit()
}

function testWith(missing: string | null) {
  if (missing === null) return vitestTest
  if (process.env.CI === 'true') throw new Error(`CI needs a Redis, but ${missing}.`)
  const skipped = (title: string) => vitestTest.skip(`${title} (skipped: ${missing})`)
  return Object.assign(skipped, { skip: skipped }) as unknown as typeof vitestTest
}
