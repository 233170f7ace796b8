import { ImnotError } from '@imnot/core'
import { version as packageVersion } from '../../package.json'
import { createHints } from '../hints.ts'
import type { CommandArgument } from '../redis-client-like.ts'
import { prepareScript } from '../scripts/prepare.ts'
import { createCalls } from './calls.ts'
import type { Link } from './link.ts'

/** The number of the format that this version writes, and the newest that it can read. */
const FORMAT = 1

export type Connection = Awaited<ReturnType<typeof openConnection>>

/** A link to Redis with all that works on it, from `init()` to `close()`. */
export async function openConnection(link: Link, prefix: string) {
  // The braces make a hash tag: in a Cluster all keys lie in one slot.
  const base = `{${prefix}}:`
  const calls = createCalls(link, base)
  const hints = createHints(calls.send, link.subscriber, `${base}hints`)
  let largeRead: Promise<unknown> = Promise.resolve()

  async function readBody(key: string, version: string): Promise<Buffer | null> {
    const reply = await calls.send('HMGET', [`${base}record:${key}`, 'version', 'body'])
    const [found, body] = reply as [Buffer | null, Buffer | null]
    return String(found) === version ? body : null
  }

  const [format, madeBy] = (await calls.run(prepareScript, [FORMAT, packageVersion])) as [Buffer, Buffer]
  if (Number(format) > FORMAT) {
    throw new ImnotError(
      'STORAGE_SCHEMA_NEWER',
      `${link.place} was written under the prefix ${prefix} by @imnot/storage-redis ${madeBy} (format ${format}), but this is ${packageVersion} (format ${FORMAT}); install that version or a later one.`,
    )
  }

  return {
    run: calls.run,
    hints,

    /** One at a time: Redis serves nobody else while it copies one, and would copy them all before it answers. */
    readLargeBody(key: string, version: string): Promise<Buffer | null> {
      const reading = largeRead.then(() => readBody(key, version))
      largeRead = reading.catch(() => undefined)
      return reading
    },

    async ping(): Promise<void> {
      await calls.send('EXISTS', [`${base}format`] satisfies CommandArgument[])
    },

    async close(): Promise<void> {
      hints.stop()
      await calls.settled()
      link.close()
    },
  }
}
