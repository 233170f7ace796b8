import { Buffer } from 'node:buffer'
import { CommandFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'
import type { AdminApi } from './admin-api.ts'

export interface RemoteAdminOptions {
  /** Where the server is: `https://mock.example.com`, also with a path in front. */
  readonly url: string
  readonly adminKey?: string | undefined
}

/** The admin API of a server elsewhere. */
export function remoteAdmin({ url, adminKey }: RemoteAdminOptions): AdminApi {
  const base = readBase(url)
  const authorization = adminKey ? { authorization: `Bearer ${adminKey}` } : {}
  return {
    async request(method, path, { body, headers = {} } = {}) {
      const response = await fetch(`${base}${path}`, {
        method,
        headers: { ...headers, ...authorization },
        redirect: 'error',
        ...(body === undefined ? {} : { body: Buffer.from(body) }),
      }).catch((error: unknown) => {
        throw new CommandFailure(
          `No answer from ${base}: ${reasonOf(error)}. Check the address given with --url, and that imnot runs there.`,
        )
      })
      return { status: response.status, body: Buffer.from(await response.arrayBuffer()) }
    },
    close: async () => {},
  }
}

function readBase(url: string): string {
  if (/^https?:\/\/[^/]/i.test(url) && URL.canParse(url)) return url.replace(/\/+$/, '')
  throw new CommandFailure(`--url must be an address like http://127.0.0.1:8000, found "${url}".`, exitCodes.usage)
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error) return cause.message || ('code' in cause ? String(cause.code) : cause.name)
  return String(cause)
}
