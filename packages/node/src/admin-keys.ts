import { ImnotError } from '@imnot/core'

const leastLength = 24

/** The keys that count: an empty one is none. Throws `ADMIN_KEY_WEAK` for one that could be guessed. */
export function readAdminKeys(keys: readonly (string | undefined)[]): string[] {
  const given = keys.map((key) => key?.trim() ?? '').filter((key) => key !== '')
  for (const key of given) {
    if (key.length < leastLength) {
      throw new ImnotError(
        'ADMIN_KEY_WEAK',
        `An admin key has at least ${leastLength} characters, found ${key.length}; make one with "openssl rand -base64 32".`,
      )
    }
  }
  return given
}
