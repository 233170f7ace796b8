import type { IncomingMessage } from 'node:http'
import { ImnotError } from '@imnot/core'
import { rebuildBody } from './rebuild-body.ts'

/** A body that a parser of the host has read before imnot saw the request. */
export interface HostBody {
  readonly body: AsyncIterable<Uint8Array>
  /** The client's own bytes are gone; these are what was parsed, written anew. */
  readonly isRebuilt: boolean
}

/** What parsers leave on a request: Express's, and `rawBody` by a custom that many hosts keep (and functions in a cloud). */
type ParsedRequest = IncomingMessage & { readonly body?: unknown; readonly rawBody?: unknown }

/** Null where nobody has read the body yet. Its bytes come first, then what is rebuilt of what was parsed. */
export function bodyLeftByHost(request: ParsedRequest): HostBody | null {
  if (!request.readableDidRead) return null
  const { rawBody, body } = request
  if (rawBody instanceof Uint8Array) return { body: once(() => rawBody), isRebuilt: false }
  if (body instanceof Uint8Array) return { body: once(() => body), isRebuilt: false }
  return { body: once(() => rebuilt(request)), isRebuilt: true }
}

function rebuilt({ headers, body, rawBody }: ParsedRequest): Uint8Array {
  const type = headers['content-type'] ?? null
  const bytes = rebuildBody(typeof rawBody === 'string' ? rawBody : body, type)
  if (bytes !== null) return bytes
  throw new ImnotError(
    'BODY_READ_BY_HOST',
    `The host has read the body of this request (${type ?? 'without a media type'}) before imnot, and it cannot be rebuilt; ` +
      "mount imnot before the host's body parsers, or let them keep the bytes in request.rawBody.",
  )
}

async function* once(read: () => Uint8Array): AsyncGenerator<Uint8Array> {
  yield read()
}
