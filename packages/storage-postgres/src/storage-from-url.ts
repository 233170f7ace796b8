import type { Storage } from '@imnot/core'
import { postgresStorage } from './postgres-storage.ts'

/**
 * A storage by its URL, `postgres://user:password@host:5432/database`, with pg's own parameters (`sslmode`,
 * `application_name`, …) and `schema`, `prepare` and `maxConnections`. Throws `CONFIG_INVALID` for anything else.
 */
export function storageFromUrl(
  url: string,
  { onWarning }: { readonly onWarning?: (message: string) => void } = {},
): Storage {
  return postgresStorage({ url, ...(onWarning !== undefined && { onWarning }) })
}
