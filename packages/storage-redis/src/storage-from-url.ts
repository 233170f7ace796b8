import type { Storage } from '@imnot/core'
import { redisStorage } from './redis-storage.ts'
import { parseRedisUrl } from './redis-url.ts'

/**
 * A storage by its URL: `redis://user:password@host:6379/0?prefix=imnot`, or `rediss://…` for TLS. Throws `CONFIG_INVALID` for
 * any other, without repeating it: it may hold a password.
 */
export function storageFromUrl(
  url: string,
  { onWarning }: { readonly onWarning?: (message: string) => void } = {},
): Storage {
  const { prefix } = parseRedisUrl(url)
  return redisStorage({
    url,
    ...(prefix !== undefined && { prefix }),
    ...(onWarning !== undefined && { onWarning }),
  })
}
