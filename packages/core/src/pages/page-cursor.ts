import type { JsonValue } from '../ports/storage.ts'
import type { Asked } from './asked.ts'
import { makeCursor, readCursor } from './cursor.ts'

/** A place in a list: beside one of its items. */
export interface PageCursor {
  /** The page ends before the item, and does not begin after it. */
  readonly backwards: boolean
  /** Where the item was, among those that were asked for; null where the client names the item by its id alone. */
  readonly index: number | null
  /** Null where items have no ids. */
  readonly id: string | null
  /** What the first request asked for. */
  readonly asked: Asked
}

/** A datapoint's cursors in one session, at one time. */
export interface CursorContext {
  readonly key: Uint8Array
  readonly subject: string
  readonly now: number
}

type Content = [backwards: 0 | 1, index: number, id: string | null, until: number | null, asked: Asked]

/** `ttl` in milliseconds; null for a cursor that stays good. */
export function sealCursor(cursor: PageCursor, ttl: number | null, { key, subject, now }: CursorContext): string {
  const until = ttl === null ? null : now + ttl
  const content: Content = [cursor.backwards ? 1 : 0, cursor.index ?? 0, cursor.id, until, cursor.asked]
  return makeCursor(key, subject, content as unknown as JsonValue)
}

/** Null where the cursor is not one of ours, or is too old. */
export function openCursor(text: string, { key, subject, now }: CursorContext): PageCursor | null {
  const content = readCursor(key, subject, text)
  if (!Array.isArray(content) || content.length !== 5) return null
  const [backwards, index, id, until, asked] = content as unknown as Content
  return until !== null && until <= now ? null : { backwards: backwards === 1, index, id, asked }
}
