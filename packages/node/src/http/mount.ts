import { ImnotError } from '@imnot/core'
import type { Imnot } from '../create-imnot.ts'
import { type Bridge, type BridgeOptions, createBridge } from './bridge.ts'

/** What can be mounted: what `createImnot` gives. */
export type MountableImnot = Pick<Imnot, 'engine' | 'isGuarded'>

/**
 * The bridge for a service that has routes of its own; `@imnot/express` and `@imnot/fastify` are made of it. Throws
 * `ADMIN_KEY_REQUIRED` where whoever reaches the service would reach an admin API that asks for no key.
 */
export function mountImnot(imnot: MountableImnot, options: BridgeOptions = {}): Bridge {
  if (!imnot.isGuarded) throw unguarded()
  const { prefix = '' } = options
  if (prefix !== '' && !/^(\/[^/?#]+)+$/.test(prefix)) throw wrongPrefix(prefix)
  return createBridge(imnot.engine, options)
}

function unguarded(): ImnotError {
  return new ImnotError(
    'ADMIN_KEY_REQUIRED',
    'imnot mounted in a service needs an admin key, since whoever reaches the service reaches the admin API; give ' +
      'createImnot adminKeys: [process.env.IMNOT_ADMIN_KEY] with at least 24 random characters, or admin: false.',
  )
}

function wrongPrefix(prefix: string): ImnotError {
  return new ImnotError(
    'CONFIG_INVALID',
    `The prefix must be a path that begins with a slash and ends with none, such as "/mock"; found ${JSON.stringify(prefix)}.`,
  )
}
