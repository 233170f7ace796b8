import type { Session } from '@imnot/client'

/** A session as `--json` prints it: as the admin API does, with the whole base URL. */
export function describeSession({ info, baseUrl, token }: Session): object {
  return { ...info, base_url: baseUrl, ...(token === null ? {} : { token }) }
}
