import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import type { Exchange } from '../handling/exchange.ts'
import type { EngineResponse } from '../http/messages.ts'
import type { PutOperation, StoredRecord } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'

/** An answer that is given again to whoever sends the same request with the same key. */
export interface KeptAnswer {
  /** Of the request that got it. */
  readonly fingerprint: string
  readonly answer: EngineResponse
}

type KeptValue = { readonly status: number; readonly headBytes: number }

type Head = readonly [headers: readonly string[], hasBody: boolean, fingerprint: string]

/** So long a key is remembered, on the wall clock, unless its session ends before. */
const lifetimeMs = 24 * 3_600_000

/** Of what the request asks for: its body, and its query. The method and the path are part of the record's key. */
export function fingerprintOf({ bytes, view }: Exchange): string {
  const query = view.url.includes('?') ? view.url.slice(view.url.indexOf('?')) : ''
  return createHash('sha256').update(`${query}\n`).update(bytes).digest('base64url')
}

export function readKeptAnswer(record: StoredRecord): KeptAnswer {
  const { status, headBytes } = record.value as KeptValue
  const kept = record.body ?? noBytes
  assertUnsealed(kept)
  const [headers, hasBody, fingerprint] = JSON.parse(Buffer.from(kept.subarray(0, headBytes)).toString('utf8')) as Head
  return { fingerprint, answer: { status, headers, body: hasBody ? kept.subarray(headBytes) : null } }
}

/** Headers, fingerprint and body, one behind the other, in the record's body: they may show what was sent. */
export function putKeptAnswer(
  key: string,
  fingerprint: string,
  { status, headers, body }: WholeAnswer,
  now: number,
): PutOperation {
  const head = Buffer.from(JSON.stringify([headers, body !== null, fingerprint] satisfies Head))
  const value: KeptValue = { status, headBytes: head.byteLength }
  return {
    type: 'put',
    key,
    value,
    body: Buffer.concat([head, body ?? noBytes]),
    expiresAt: now + lifetimeMs,
    expect: 'absent',
  }
}

/** An answer whose body is there as a whole, so that it can be kept and sent. */
export type WholeAnswer = EngineResponse & { readonly body: Uint8Array | null }

export async function wholeAnswer(answer: EngineResponse): Promise<WholeAnswer> {
  const { body } = answer
  if (body === null || body instanceof Uint8Array) return { ...answer, body }
  const chunks: Uint8Array[] = []
  for await (const chunk of body) chunks.push(chunk)
  return { ...answer, body: Buffer.concat(chunks) }
}

const noBytes = new Uint8Array(0)
