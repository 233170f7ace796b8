import type { EndpointShape } from '@imnot/schema'
import type { Moment } from '../handling/moment.ts'
import { readPath } from '../rendering/read-member.ts'
import { isStateless, readsBody } from '../rendering/renderer.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { toText } from '../rendering/to-text.ts'
import { isRequestSource, requestSource } from '../request/request-source.ts'
import type { Secrets } from '../secrets.ts'
import { type Asked, createAsking } from './asked.ts'
import { type Chosen, chooseItems } from './chosen.ts'
import { compileFilter } from './filter.ts'
import { compileOrder } from './order.ts'
import { type CursorContext, openCursor, type PageCursor } from './page-cursor.ts'
import type { PageList } from './page-list.ts'
import { type PageSettings, pageSettings } from './page-settings.ts'
import { type BadPage, limitOf, type Place, placeOf } from './place.ts'

/** One page of a list, found. */
export interface FoundPage extends Place {
  readonly settings: PageSettings
  readonly limit: number
  /** The number of all items that were asked for. */
  readonly total: number
  /** Positions of the items in the list. */
  readonly indices: readonly number[]
  readonly list: PageList
  readonly asked: Asked
  readonly cursors: CursorContext | null
}

/** `page` of an endpoint, compiled once. */
export interface Pager {
  readonly settings: PageSettings
  readonly readsBody: boolean
  /** Whether nothing stored matters to it, the list aside. */
  readonly isStateless: boolean
  find(list: PageList, moment: Moment): Promise<FoundPage | BadPage>
}

export interface PagerOptions {
  readonly page: NonNullable<EndpointShape['page']>
  /** Names the datapoint; its cursors are good for no other one. */
  readonly subject: string
  readonly options: TemplateOptions
  readonly secrets: Secrets
}

export function compilePager({ page, subject, options, secrets }: PagerOptions): Pager {
  const settings = pageSettings(page)
  const asking = createAsking(options)
  const limit = asking.value('limit', settings.limit)
  const filter = compileFilter(settings.filter, asking)
  const order = compileOrder(settings.order, asking)
  const source = requestSource(settings.source, options)
  const before = settings.before === null ? null : requestSource(settings.before, options)
  const hasSignedCursors = settings.position === 'cursor' && !settings.hasIdCursors
  const reads = [...asking.reads, ...source.reads, ...(before?.reads ?? [])]

  async function cursorContext({ situation }: Moment): Promise<CursorContext | null> {
    if (!hasSignedCursors) return null
    const key = await secrets.bytes('cursor-key')
    const session = situation.session?.value.id ?? ''
    return { key, subject: `page/${subject}/${session}`, now: situation.clock.now }
  }

  /** Null for the first page. */
  function cursorOf({ exchange, scope }: Moment, context: CursorContext | null): PageCursor | BadPage | null {
    if (settings.position !== 'cursor') return null
    const forwards = source.read(exchange, scope)
    const backwards = before?.read(exchange, scope)
    if (forwards === undefined && backwards === undefined) return null
    if (forwards !== undefined && backwards !== undefined) {
      return {
        problem: `A page lies either after the cursor in ${settings.source} or before that in ${settings.before}; send one of them.`,
      }
    }
    const text = toText(forwards ?? backwards)
    if (context === null) return { backwards: forwards === undefined, index: null, id: text, asked: {} }
    const cursor = openCursor(text, context)
    if (cursor === null)
      return { problem: 'The cursor is not one of this list, or is too old; begin again without a cursor.' }
    return before === null ? cursor : { ...cursor, backwards: forwards === undefined }
  }

  return {
    settings,
    readsBody: readsBody(reads),
    isStateless: isStateless(reads) && !hasSignedCursors,
    async find(list, moment) {
      const { exchange, scope } = moment
      const cursors = await cursorContext(moment)
      const cursor = cursorOf(moment, cursors)
      if (cursor !== null && 'problem' in cursor) return cursor
      const asked: Asked = { ...cursor?.asked, ...asking.read(exchange, scope) }
      const size = limitOf(settings, isRequestSource(settings.limit) ? limit(asked) : undefined)
      if (typeof size !== 'number') return size
      const chosen = chooseItems(list, filter(asked), order(asked))
      const total = chosen.length
      const place = placeOf({
        settings,
        limit: size,
        total,
        cursor,
        position: settings.position === 'cursor' ? undefined : source.read(exchange, scope),
        indexOf: (id) => indexOf(id, chosen, list, settings.id),
      })
      if ('problem' in place) return place
      const end = Math.min(place.end, total)
      const indices = chosen.slice(place.start, end)
      return {
        start: place.start,
        end: Math.max(place.start, end),
        settings,
        limit: size,
        total,
        indices,
        list,
        asked,
        cursors,
      }
    },
  }
}

function indexOf(id: string, chosen: Chosen, list: PageList, path: readonly string[]): number {
  return chosen.slice(0, chosen.length).findIndex((index) => idOf(list.at(index), path) === id)
}

/** Null where the item has none. */
export function idOf(item: unknown, path: readonly string[]): string | null {
  const id = readPath(item, path)
  return typeof id === 'string' || typeof id === 'number' ? String(id) : null
}
