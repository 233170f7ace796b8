import { ImnotError, type Storage } from '@imnot/core'
import { sqliteStorage } from './sqlite-storage.ts'

/**
 * A storage by its URL: `sqlite:PATH`, where the path is taken as it stands, relative to the working folder.
 * `sqlite:///absolute/path` means the same as `sqlite:/absolute/path`.
 */
export function storageFromUrl(url: string): Storage {
  const path = /^sqlite:(?:\/\/(?=\/))?(.+)$/s.exec(url)?.[1]
  if (path === undefined) {
    throw new ImnotError('CONFIG_INVALID', `Expected a storage like sqlite:./imnot.db, found ${JSON.stringify(url)}.`)
  }
  return sqliteStorage({ path })
}
