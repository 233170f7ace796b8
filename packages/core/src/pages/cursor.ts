import { Buffer } from 'node:buffer'
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Where a list goes on. It names its datapoint and session, so that a cursor of one is none of another. */
export interface CursorContent {
  readonly offset: number
  /** In milliseconds since the epoch; null for a cursor that never expires. */
  readonly expiresAt: number | null
}

/**
 * A cursor carries its own content and a signature over it, so that nothing is stored for it and it is good on every node
 * and after a restart. `subject` is signed with it and is not in it.
 */
export function makeCursor(key: Uint8Array, subject: string, content: CursorContent): string {
  const text = Buffer.from(JSON.stringify([content.offset, content.expiresAt])).toString('base64url')
  return `${text}.${sign(key, subject, text).toString('base64url')}`
}

/** The offset; null where the cursor is not one of ours for this subject, or is too old. */
export function readCursor(key: Uint8Array, subject: string, cursor: string, now: number): number | null {
  const [text = '', signature = '', ...more] = cursor.split('.')
  const expected = sign(key, subject, text)
  const given = Buffer.from(signature, 'base64url')
  if (more.length > 0 || given.byteLength !== expected.byteLength || !timingSafeEqual(given, expected)) return null
  const [offset, expiresAt] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [number, number | null]
  return expiresAt !== null && expiresAt <= now ? null : offset
}

function sign(key: Uint8Array, subject: string, text: string): Buffer {
  return createHmac('sha256', key)
    .update(JSON.stringify([subject, text]))
    .digest()
    .subarray(0, 16)
}
