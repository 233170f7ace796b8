import type { PageCursor } from './page-cursor.ts'
import type { PageSettings } from './page-settings.ts'

/** Which items of a list of so many are on the page. */
export interface Place {
  readonly start: number
  readonly end: number
}

/** What is wrong with what was asked, in one sentence that says what to send. */
export interface BadPage {
  readonly problem: string
}

export interface PlaceRequest {
  readonly settings: PageSettings
  readonly limit: number
  readonly total: number
  /** What the request says of the offset or the number; undefined where it says nothing. */
  readonly position: unknown
  /** Null where the page is not asked for by a cursor, or is the first one. */
  readonly cursor: PageCursor | null
  /** Where the item with this id is among those that were asked for; -1 where it is not. */
  readonly indexOf: (id: string) => number
}

export function placeOf(request: PlaceRequest): Place | BadPage {
  const { settings, limit, position, cursor } = request
  if (settings.position === 'cursor') return cursor === null ? { start: 0, end: limit } : placeByCursor(request, cursor)
  const lowest = settings.position === 'number' ? settings.first : 0
  const given = position === undefined ? lowest : wholeNumber(position)
  if (given === null || given < lowest) {
    const what = settings.position === 'number' ? 'page number' : 'offset'
    return { problem: badNumber(what, settings.source, position, lowest) }
  }
  const start = settings.position === 'number' ? (given - lowest) * limit : given
  return { start, end: start + limit }
}

/** What is asked for, or the problem with it. */
export function limitOf({ limit, size, max }: PageSettings, given: unknown): number | BadPage {
  const asked = given === undefined ? size : wholeNumber(given)
  if (asked === null || asked < 1) return { problem: badNumber('page size', limit, given, 1) }
  return Math.min(asked, max ?? asked)
}

/** An item that is gone leaves its place to those that came after it. */
function placeByCursor({ limit, total, indexOf }: PlaceRequest, cursor: PageCursor): Place | BadPage {
  const found = cursor.id === null ? (cursor.index ?? -1) : indexOf(cursor.id)
  if (found === -1 && cursor.index === null) {
    return { problem: `No item of this list has the id "${cursor.id}"; begin again without a cursor.` }
  }
  const after = found === -1 ? (cursor.index ?? 0) : found + 1
  const before = found === -1 ? (cursor.index ?? 0) : found
  if (!cursor.backwards) return { start: after, end: after + limit }
  const end = Math.min(before, total)
  return { start: Math.max(0, end - limit), end }
}

function wholeNumber(value: unknown): number | null {
  if (typeof value !== 'number' && !(typeof value === 'string' && /^\s*\+?\d+\s*$/.test(value))) return null
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : null
}

function badNumber(what: string, source: string, given: unknown, lowest: number): string {
  const where = source.includes('{{') ? '' : ` in ${source}`
  const found = JSON.stringify(given)?.slice(0, 100)
  return `The ${what}${where} must be a whole number, at least ${lowest}, found ${found}; correct it or leave it out.`
}
