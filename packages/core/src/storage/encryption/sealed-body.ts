import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { ImnotError } from '../../errors.ts'
import { KEY_ID_BYTES, type ReadKey } from './encryption-keys.ts'

/** Begins every encrypted body; the last byte is the format. No text and no file that anybody uploads begins like this. */
const magic = Buffer.from('\0imnot\xe5\x01', 'latin1')
const nonceBytes = 12
const tagBytes = 16
const headBytes = magic.length + KEY_ID_BYTES + nonceBytes + tagBytes

/**
 * AES-256-GCM: magic, id of the key, nonce, tag, ciphertext. The record's key is associated data, so that a body put under
 * another record does not open.
 */
export function seal(body: Uint8Array, recordKey: string, { bytes, id }: ReadKey): Buffer {
  const nonce = randomBytes(nonceBytes)
  const cipher = createCipheriv('aes-256-gcm', bytes, nonce).setAAD(Buffer.from(recordKey))
  const ciphertext = cipher.update(body)
  cipher.final()
  return Buffer.concat([magic, id, nonce, cipher.getAuthTag(), ciphertext])
}

/**
 * The body that was sealed under this record. One that never was encrypted comes back as it is. Throws
 * `ENCRYPTION_KEY_MISSING` where its key is not among `keys`, and `STORAGE_CORRUPT` where it was changed since.
 */
export function unseal(stored: Uint8Array, recordKey: string, keys: readonly ReadKey[]): Uint8Array {
  if (!isSealed(stored)) return stored
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const key = keys.find(({ id }) => id.equals(keyIdOf(bytes)))
  if (key === undefined) {
    throw new ImnotError(
      'ENCRYPTION_KEY_MISSING',
      'The storage holds bodies that were encrypted with another key; give that one too, as a previous key.',
    )
  }
  const nonceStart = magic.length + KEY_ID_BYTES
  const tagStart = nonceStart + nonceBytes
  const decipher = createDecipheriv('aes-256-gcm', key.bytes, bytes.subarray(nonceStart, tagStart))
    .setAAD(Buffer.from(recordKey))
    .setAuthTag(bytes.subarray(tagStart, headBytes))
  try {
    const body = decipher.update(bytes.subarray(headBytes))
    decipher.final()
    return body
  } catch (cause) {
    throw new ImnotError(
      'STORAGE_CORRUPT',
      'An encrypted body was changed in the storage, or moved to another record; upload the payload again.',
      { cause },
    )
  }
}

/** Throws `ENCRYPTION_KEY_MISSING` for a body that is still encrypted: its bytes are not what was uploaded. */
export function assertUnsealed(body: Uint8Array): void {
  if (!isSealed(body)) return
  throw new ImnotError(
    'ENCRYPTION_KEY_MISSING',
    'The storage holds encrypted bodies and no key was given; set IMNOT_ENCRYPTION_KEY to the one that they were written with.',
  )
}

/** Whether it must be written again to be under this key. */
export function isSealedWith(stored: Uint8Array, { id }: ReadKey): boolean {
  return isSealed(stored) && id.equals(keyIdOf(stored))
}

function isSealed(stored: Uint8Array): boolean {
  return stored.byteLength >= headBytes && magic.equals(stored.subarray(0, magic.length))
}

function keyIdOf(stored: Uint8Array): Uint8Array {
  return stored.subarray(magic.length, magic.length + KEY_ID_BYTES)
}
