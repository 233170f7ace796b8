import type { PaginatedDatapoint } from '@imnot/schema'
import type { Exchange } from '../handling/exchange.ts'
import type { JsonValue } from '../ports/storage.ts'

type Pagination = NonNullable<PaginatedDatapoint['pagination']>

/** One page of a list: which items, and what the answer says beside them. */
export interface Page {
  readonly offset: number
  readonly limit: number
  /** Names and values of the answer's other fields, in the order in which they are sent. */
  readonly fields: readonly (readonly [name: string, value: JsonValue])[]
}

/** A request for a page that cannot be given, in one sentence. */
export interface PageRefusal {
  readonly status: number
  readonly detail: string
}

/** What a style needs to know; cursors are made and read by the caller, who holds the key. */
export interface PageRequest {
  readonly pagination: Pagination
  readonly exchange: Exchange
  readonly total: number
  readonly makeCursor: (offset: number) => string
  /** Null where the cursor is not one of ours, or is too old. */
  readonly readCursor: (cursor: string) => number | null
}

/** The styles by the name that a definition gives them; how each is asked and what each says is the Python imnot's. */
export const pageStyles: Readonly<Record<Pagination['style'], (request: PageRequest) => Page | PageRefusal>> = {
  offset_limit({ pagination, exchange, total }) {
    const offset = Math.max(0, whole(exchange.query('offset')) ?? 0)
    const limit = positive(exchange.query('limit')) ?? pagination.default_limit
    const hasMore = offset + limit < total
    return {
      offset,
      limit,
      fields: fieldsOf([
        [pagination.total_field, total],
        [pagination.has_more_field, hasMore],
        [pagination.next_offset_field, hasMore ? offset + limit : null],
        [pagination.offset_echo_field, offset],
        [pagination.limit_echo_field, limit],
      ]),
    }
  },

  page_number({ pagination, exchange, total }) {
    const page = Math.max(1, whole(exchange.query(pagination.page_param)) ?? 1)
    const limit = positive(exchange.query(pagination.size_param)) ?? pagination.default_limit
    const offset = (page - 1) * limit
    return {
      offset,
      limit,
      fields: fieldsOf([
        [pagination.total_field, total],
        [pagination.has_more_field, offset + limit < total],
      ]),
    }
  },

  cursor({ pagination, exchange, total, makeCursor, readCursor }) {
    const limit = positive(exchange.query('limit')) ?? pagination.default_limit
    const cursor = exchange.query('cursor')?.trim() ?? ''
    const offset = cursor === '' ? 0 : readCursor(cursor)
    if (offset === null) {
      return { status: 400, detail: 'Cursor expired or not found; begin again without a cursor.' }
    }
    const hasMore = offset + limit < total
    return {
      offset,
      limit,
      fields: fieldsOf([
        [pagination.cursor_field, hasMore ? makeCursor(offset + limit) : null],
        [pagination.total_field, total],
        [pagination.has_more_field, hasMore],
      ]),
    }
  },
}

function fieldsOf(fields: readonly (readonly [name: string | undefined, value: JsonValue])[]): Page['fields'] {
  return fields.filter((field): field is [string, JsonValue] => field[0] !== undefined)
}

/** What is not a whole number counts as not given. */
function whole(text: string | null): number | null {
  if (text === null || !/^\s*[+-]?\d+\s*$/.test(text)) return null
  const value = Number(text)
  return Number.isSafeInteger(value) ? value : null
}

function positive(text: string | null): number | null {
  const value = whole(text)
  return value !== null && value > 0 ? value : null
}
