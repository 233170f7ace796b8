import type { EndpointShape } from '@imnot/schema'

/** `page` of an endpoint, as it was declared, with what it leaves out filled in. */
export interface PageSettings {
  readonly style: string
  /** How a place in the list is told. */
  readonly position: 'offset' | 'number' | 'cursor'
  /** Where the request says the place, and the size of a page. */
  readonly source: string
  readonly limit: string
  /** Where it gives back the cursor of a previous page, if not in `source`; null where nowhere. */
  readonly before: string | null
  readonly hasIdCursors: boolean
  /** Milliseconds; null for cursors that stay good. */
  readonly ttl: number | null
  /** The number of the first page. */
  readonly first: number
  readonly size: number
  readonly max: number | null
  /** The path to the id of an item. */
  readonly id: readonly string[]
  readonly order: Declared['order']
  readonly filter: Readonly<Record<string, unknown>>
}

type Declared = NonNullable<EndpointShape['page']>

export function pageSettings(page: Declared): PageSettings {
  const { style, position, source, limit, before, cursors, ttl, first, size, max, id, order, filter } = page
  return {
    ...{ style, position, source, limit, size, order },
    before: before ?? null,
    hasIdCursors: cursors === 'id',
    ttl: ttl ?? null,
    first: first ?? 1,
    max: max ?? null,
    id: id.split('.'),
    filter: filter ?? {},
  }
}
