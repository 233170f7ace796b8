import { Buffer } from 'node:buffer'
import { ImnotError } from '../errors.ts'
import type { EngineRequest } from './messages.ts'

/**
 * The request's body as bytes. Throws `BODY_TOO_LARGE` as soon as it is known to be longer than `limit`, which is before
 * the first byte is read where the client says the length.
 */
export async function readBody(request: EngineRequest, limit: number): Promise<Uint8Array> {
  assertDeclaredLength(request, limit)
  if (request.body === null) return new Uint8Array(0)
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of request.body) {
    length += chunk.byteLength
    if (length > limit) throw tooLarge(limit)
    chunks.push(chunk)
  }
  const [only] = chunks
  return chunks.length === 1 && only !== undefined ? only : Buffer.concat(chunks, length)
}

/** Throws `BODY_TOO_LARGE` where the request itself says that its body is longer than `limit`. */
export function assertDeclaredLength(request: EngineRequest, limit: number): void {
  const declared = request.headers.get('content-length')
  if (declared !== null && Number(declared) > limit) throw tooLarge(limit)
}

/** Throws `BODY_TOO_LARGE` for a body that was read by a larger limit than the one that turned out to be its own. */
export function assertLength(bytes: Uint8Array, limit: number): void {
  if (bytes.byteLength > limit) throw tooLarge(limit)
}

function tooLarge(limit: number): ImnotError {
  return new ImnotError(
    'BODY_TOO_LARGE',
    `The request's body is larger than the ${formatBytes(limit)} that this address takes.`,
  )
}

function formatBytes(bytes: number): string {
  if (bytes % 1_048_576 === 0) return `${bytes / 1_048_576} MiB`
  return bytes % 1024 === 0 ? `${bytes / 1024} KiB` : `${bytes} bytes`
}
