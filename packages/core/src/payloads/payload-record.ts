import type { StoredRecord } from '../ports/storage.ts'
import type { PayloadParams } from './payload-params.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'

/** What is kept beside the bytes of a payload. */
export type PayloadValue = {
  readonly partner: string
  readonly datapoint: string
  /** As it was uploaded, or as the content told; sent back as it is. */
  readonly contentType: string
  readonly bytes: number
  /** Of the bytes, in lower-case hexadecimal. */
  readonly sha256: string
  readonly updatedAt: number
  /** The values of path parameters that it is for. Absent: every request that none is for. */
  readonly params?: PayloadParams
  /** What its answer has in place of the declared one's. */
  readonly status?: number
  /** Names and values by turns; each takes the place of a declared header of its name. */
  readonly headers?: readonly string[]
}

export interface PayloadState {
  readonly key: string
  readonly version: number
  readonly value: PayloadValue
  readonly body: Uint8Array
}

const noBytes = new Uint8Array(0)

/** Null for none. Throws `ENCRYPTION_KEY_MISSING` where the body is encrypted and nobody has decrypted it. */
export function readPayload(record: StoredRecord | null | undefined): PayloadState | null {
  if (record === null || record === undefined) return null
  const value = record.value as PayloadValue
  const { body = noBytes } = record
  assertUnsealed(body)
  return { key: record.key, version: record.version, value, body }
}
