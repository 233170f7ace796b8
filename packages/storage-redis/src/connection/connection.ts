import { ImnotError } from '@imnot/core'
import { version as packageVersion } from '../../package.json'
import { createHints } from '../hints.ts'
import type { CommandArgument } from '../redis-client-like.ts'
import { explained, isUnknownScript } from '../redis-errors.ts'
import { prepareScript } from '../scripts/prepare.ts'
import type { Script } from '../scripts/script.ts'
import type { Link } from './link.ts'

/** The number of the format that this version writes, and the newest that it can read. */
const FORMAT = 1

export type Connection = Awaited<ReturnType<typeof openConnection>>

/** A link to Redis with all that works on it, from `init()` to `close()`. */
export async function openConnection(link: Link, prefix: string) {
  // The braces make a hash tag: in a Cluster all keys lie in one slot.
  const base = `{${prefix}}:`
  const underWay = new Set<Promise<unknown>>()
  const hints = createHints(link, `${base}hints`)

  async function call(command: string, args: CommandArgument[]): Promise<unknown> {
    const answer = link.send(command, args)
    underWay.add(answer)
    try {
      return await answer
    } finally {
      underWay.delete(answer)
    }
  }

  async function run({ sha, source }: Script, args: readonly CommandArgument[]): Promise<unknown> {
    try {
      return await call('EVALSHA', [sha, 1, base, ...args])
    } catch (error) {
      // Redis does not know the script yet, or forgot it: nothing was done.
      if (!isUnknownScript(error)) throw explained(error, link.place)
    }
    try {
      return await call('EVAL', [source, 1, base, ...args])
    } catch (error) {
      throw explained(error, link.place)
    }
  }

  const [format, madeBy] = (await run(prepareScript, [FORMAT, packageVersion])) as [Buffer, Buffer]
  if (Number(format) > FORMAT) {
    throw new ImnotError(
      'STORAGE_SCHEMA_NEWER',
      `${link.place} was written under the prefix ${prefix} by @imnot/storage-redis ${madeBy} (format ${format}), but this is ${packageVersion} (format ${FORMAT}); install that version or a later one.`,
    )
  }

  return {
    run,
    hints,

    async ping(): Promise<void> {
      await call('EXISTS', [`${base}format`]).catch((error: unknown) => {
        throw explained(error, link.place)
      })
    },

    async close(): Promise<void> {
      hints.stop()
      await Promise.allSettled(underWay)
      link.close()
    },
  }
}
