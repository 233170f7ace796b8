import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { ImnotError } from '../../errors.ts'

/** 32 bytes, or these as base64 or as 64 hexadecimal digits. */
export type EncryptionKey = Uint8Array | string

export interface ReadKey {
  readonly bytes: Uint8Array
  /** Eight bytes that name the key beside what it encrypted, and tell nothing of it. */
  readonly id: Buffer
}

export const KEY_ID_BYTES = 8

/** Throws `ENCRYPTION_KEY_INVALID` for what is no key; the message never repeats it. */
export function readKey(key: EncryptionKey): ReadKey {
  const bytes = typeof key === 'string' ? decode(key.trim()) : key
  if (bytes?.byteLength !== 32) {
    throw new ImnotError(
      'ENCRYPTION_KEY_INVALID',
      'An encryption key has 32 bytes, written as base64 or as 64 hexadecimal digits; make one with "openssl rand -base64 32".',
    )
  }
  const id = createHash('sha256').update('imnot encryption key').update(bytes).digest().subarray(0, KEY_ID_BYTES)
  return { bytes, id }
}

function decode(text: string): Buffer | null {
  if (/^[0-9a-f]{64}$/i.test(text)) return Buffer.from(text, 'hex')
  return /^[A-Za-z0-9+/_-]{43}=?$/.test(text) ? Buffer.from(text, 'base64') : null
}
