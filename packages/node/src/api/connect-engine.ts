import { Buffer } from 'node:buffer'
import type { Connection } from '@imnot/client'
import type { Engine, EngineResponse } from '@imnot/core'

/** Reaches an engine in this process. The admin API asks for no key here: whoever holds the engine may do everything. */
export function connectEngine(engine: Engine, baseUrl: () => string): Connection {
  return {
    baseUrl,
    async call({ method, path, headers, body }) {
      const answer = await engine.admin({
        method,
        url: path,
        headers: { get: (name) => headers[name] ?? null },
        body: body === null ? null : once(body),
      })
      return { status: answer.status, contentType: contentTypeOf(answer), body: await collect(answer.body) }
    },
    async stream(path, { signal }) {
      const headers = { get: () => null }
      const answer = await engine.admin({ method: 'GET', url: path, headers, body: null })
      if (answer.body !== null && !(answer.body instanceof Uint8Array))
        return { chunks: signal === undefined ? answer.body : untilAborted(answer.body, signal) }
      return { status: answer.status, contentType: contentTypeOf(answer), body: await collect(answer.body) }
    },
    fetch: (url, init) => engine.fetch(new Request(url, init)),
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function* untilAborted(chunks: AsyncIterable<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const aborted = new Promise<null>((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }))
  const iterator = chunks[Symbol.asyncIterator]()
  while (!signal.aborted) {
    const next = await Promise.race([iterator.next(), aborted])
    if (next === null || next.done) break
    yield next.value
  }
  // It ends when it next wakes; nobody waits for that.
  iterator.return?.().catch(() => {})
}

function contentTypeOf({ headers }: EngineResponse): string | null {
  const at = headers.findIndex((entry, index) => index % 2 === 0 && entry.toLowerCase() === 'content-type')
  return at === -1 ? null : (headers[at + 1] ?? null)
}

/** A copy, so that whoever gets it may change it. */
async function collect(body: EngineResponse['body']): Promise<Uint8Array> {
  if (body === null) return new Uint8Array(0)
  if (body instanceof Uint8Array) return new Uint8Array(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return new Uint8Array(Buffer.concat(chunks))
}
