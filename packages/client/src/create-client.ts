import { createApi, type ImnotApi } from './api.ts'
import { ApiError } from './api-error.ts'
import type { Connection } from './connection.ts'

export interface ClientOptions {
  /** Where the server is: `https://mock.example.com`, also with a path after it. */
  readonly url: string
  /** The admin key, or the token of a session, which admits to that session alone. @default none */
  readonly key?: string | undefined
  /** @default the global one */
  readonly fetch?: (url: string, init: RequestInit) => Promise<Response>
}

/**
 * Drives a server over HTTP. Opens nothing: the first call connects. Throws `CONFIG_INVALID` for a URL that is none.
 *
 * @example
 * const imnot = createClient({ url: 'http://127.0.0.1:8000' })
 * await imnot.payloads.set('acme', 'data-sync', '{"id":1}')
 */
export function createClient({ url, key, fetch = (...args) => globalThis.fetch(...args) }: ClientOptions): ImnotApi {
  const base = readBase(url)
  const authorization: Record<string, string> = key ? { authorization: `Bearer ${key}` } : {}

  async function answerOf<T>(path: string, init: RequestInit, read: (response: Response) => Promise<T>): Promise<T> {
    try {
      return await read(await fetch(`${base}${path}`, init))
    } catch (cause) {
      throw new ApiError(
        'SERVER_UNREACHABLE',
        `No answer from ${base}: ${reasonOf(cause)}. Check the address, and that imnot runs there.`,
        { cause },
      )
    }
  }

  const connection: Connection = {
    baseUrl: () => base,
    async call({ method, path, headers, body }) {
      // A redirect would carry the key to wherever it points.
      const init: RequestInit = { method, headers: { ...headers, ...authorization }, redirect: 'error', body }
      return answerOf(path, init, async (response) => ({
        status: response.status,
        contentType: response.headers.get('content-type'),
        body: new Uint8Array(await response.arrayBuffer()),
      }))
    },
    async stream(path, { signal }) {
      const ended = new AbortController()
      signal?.addEventListener('abort', () => ended.abort(), { once: true })
      const init: RequestInit = { headers: authorization, redirect: 'error', signal: ended.signal }
      const response = await answerOf(path, init, async (one) => one)
      if (response.status === 200 && response.body !== null) return { chunks: untilAborted(response.body, ended) }
      const contentType = response.headers.get('content-type')
      return { status: response.status, contentType, body: new Uint8Array(await response.arrayBuffer()) }
    },
    fetch,
  }
  return createApi(connection)
}

/** Whoever stops reading lets the connection go; an abort is an end and no error. */
async function* untilAborted(body: ReadableStream<Uint8Array>, ended: AbortController): AsyncGenerator<Uint8Array> {
  const reader = body.getReader()
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      yield value
    }
  } catch (error) {
    if (!ended.signal.aborted) throw error
  } finally {
    ended.abort()
  }
}

function readBase(url: string): string {
  if (/^https?:\/\/[^/]/i.test(url) && URL.canParse(url)) {
    const { origin, pathname, username, password } = new URL(url)
    if (username !== '' || password !== '') {
      throw new ApiError('CONFIG_INVALID', 'The URL must have no user and password in it; give the admin key as "key".')
    }
    return `${origin}${pathname}`.replace(/\/+$/, '')
  }
  throw new ApiError('CONFIG_INVALID', `The URL must be an address like http://127.0.0.1:8000, found "${url}".`)
}

/** `fetch` hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const cause = error instanceof Error ? (error.cause ?? error) : error
  if (cause instanceof Error) return cause.message || ('code' in cause ? String(cause.code) : cause.name)
  return String(cause)
}
