import { Buffer } from 'node:buffer'
import type { EngineRequest } from '../http/messages.ts'

/** A body of which a beginning is kept as it passes. */
export interface OverheardBody {
  /** The request, to be handled in the place of the original. */
  readonly request: EngineRequest
  /** Whether somebody reads it. */
  readonly isTaken: () => boolean
  /** The beginning, and the length of all that has passed; null where nobody has read it. */
  readonly heard: () => { readonly bytes: Uint8Array; readonly length: number } | null
}

export function overhear(original: EngineRequest, mostBytes: number): OverheardBody {
  const chunks: Uint8Array[] = []
  let kept = 0
  let length = 0
  let isTaken = false

  async function* passing(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of body) {
      length += chunk.byteLength
      if (kept < mostBytes) {
        const part = chunk.subarray(0, mostBytes - kept)
        chunks.push(part)
        kept += part.byteLength
      }
      yield chunk
    }
  }

  const { method, url, headers, base, remoteAddress } = original
  return {
    request: {
      method,
      url,
      headers,
      base,
      remoteAddress,
      get body() {
        const { body } = original
        if (body === null) return null
        isTaken = true
        return passing(body)
      },
    },
    isTaken: () => isTaken,
    heard: () => (isTaken ? { bytes: Buffer.concat(chunks, kept), length } : null),
  }
}
