import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'
import type { JsonValue } from '../ports/storage.ts'

/**
 * A cursor carries its own content and a signature over it, so that nothing is stored for it and it is good on every node
 * and after a restart. `subject`, which names datapoint and session, is signed with it and is not in it, so that a cursor of
 * one is none of another.
 */
export function makeCursor(key: Uint8Array, subject: string, content: JsonValue): string {
  const text = Buffer.from(JSON.stringify(content)).toString('base64url')
  return `${text}.${sign(key, subject, text).toString('base64url')}`
}

/** What was put into the cursor; null where it is not one of ours for this subject. */
export function readCursor(key: Uint8Array, subject: string, cursor: string): JsonValue | null {
  const [text = '', signature = '', ...more] = cursor.split('.')
  const expected = sign(key, subject, text)
  const given = Buffer.from(signature, 'base64url')
  if (more.length > 0 || given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) return null
  return JSON.parse(Buffer.from(text, 'base64url').toString()) as JsonValue
}

function sign(key: Uint8Array, subject: string, text: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([subject, text]))
    .digest()
    .subarray(0, 16)
}
