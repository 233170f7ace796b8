import { Buffer } from 'node:buffer'
import type { Engine } from '@imnot/core'
import type { AdminApi } from './admin-api.ts'

export interface LocalAdminOptions {
  readonly engine: Engine
  readonly close: () => Promise<void>
}

/** The admin API of an engine in this process; it asks for no key. */
export function localAdmin({ engine, close }: LocalAdminOptions): AdminApi {
  return {
    async request(method, path, { body, headers = {} } = {}) {
      const answer = await engine.admin({
        method,
        url: path,
        headers: { get: (name) => headers[name] ?? null },
        body: body === undefined ? null : once(body),
      })
      return { status: answer.status, body: await collect(answer.body) }
    },
    close,
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes
}

async function collect(body: Uint8Array | AsyncIterable<Uint8Array> | null): Promise<Buffer> {
  if (body === null) return Buffer.alloc(0)
  if (body instanceof Uint8Array) return Buffer.from(body)
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return Buffer.concat(chunks)
}
