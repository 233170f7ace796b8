import type { CommandArgument } from '../redis-client-like.ts'
import { explained, isUnknownScript } from '../redis-errors.ts'
import type { Script } from '../scripts/script.ts'
import { within } from '../within.ts'
import type { Link } from './link.ts'

/** Sends commands and runs scripts; what fails is an `ImnotError`. `base` is what all keys begin with. */
export function createCalls(link: Link, base: string) {
  const underWay = new Set<Promise<unknown>>()

  async function send(command: string, args: CommandArgument[]): Promise<unknown> {
    const answer = link.send(command, args)
    underWay.add(answer)
    try {
      return await answer
    } catch (error) {
      throw explained(error, link.place)
    } finally {
      underWay.delete(answer)
    }
  }

  return {
    send,

    async run({ sha, source }: Script, args: readonly CommandArgument[]): Promise<unknown> {
      try {
        return await send('EVALSHA', [sha, 1, base, ...args])
      } catch (error) {
        // Redis does not know the script yet, or forgot it: nothing was done.
        if (!isUnknownScript(error)) throw error
        return send('EVAL', [source, 1, base, ...args])
      }
    },

    /** Resolves when everything that was sent has its answer, or after five seconds: a client may keep a command for ever. */
    settled: () => within(5000, Promise.allSettled(underWay)),
  }
}
