import type { Exchange } from '../handling/exchange.ts'
import { readPath } from '../rendering/read-member.ts'
import { type PageCursor, sealCursor } from './page-cursor.ts'
import { type LinkChange, pathWith } from './page-links.ts'
import { type FoundPage, idOf } from './pager.ts'

type Step = string | number | null

/** A page as templates see it. What is not there, such as the next page of the last one, is null. Each member is computed when it is read. */
export interface PageView {
  readonly items: readonly unknown[]
  /** Of all pages. */
  readonly total: number
  /** Of this page. */
  readonly count: number
  readonly offset: number
  readonly limit: number
  /** The number of this page, of the last one, and of how many there are. */
  readonly number: number
  readonly last: number
  readonly pages: number
  readonly has_more: boolean
  readonly has_previous: boolean
  /** What asks for the next page: an offset, a number or a cursor. */
  readonly next: Step
  readonly previous: Step
  readonly next_url: string | null
  readonly next_path: string | null
  readonly previous_url: string | null
  readonly previous_path: string | null
  readonly first_url: string | null
  readonly last_url: string | null
  readonly first_id: unknown
  readonly last_id: unknown
}

export function viewPage(page: FoundPage, exchange: Exchange): PageView {
  const { settings, start, end, limit, total, indices, list } = page
  const pages = Math.max(1, Math.ceil(total / limit))
  const last = settings.first + pages - 1
  const number = settings.first + Math.floor(start / limit)
  const ends = { offset: (pages - 1) * limit, number: last, cursor: null }
  const firsts = { offset: 0, number: settings.first, cursor: null }
  const path = (change: LinkChange | null) => (change === null ? null : pathWith(exchange, change))
  const view: PageView = {
    get items() {
      return list.take(indices)
    },
    total,
    count: indices.length,
    offset: start,
    limit,
    number,
    last,
    pages: Math.ceil(total / limit),
    has_more: end < total,
    has_previous: start > 0,
    get next() {
      return view.has_more ? nextOf(page, number) : null
    },
    get previous() {
      return view.has_previous ? previousOf(page, number) : null
    },
    get next_path() {
      return below(exchange.prefix, path(changeTo(page, view.next, false)))
    },
    get next_url() {
      return below(exchange.baseUrl, path(changeTo(page, view.next, false)))
    },
    get previous_path() {
      return below(exchange.prefix, path(changeTo(page, view.previous, true)))
    },
    get previous_url() {
      return below(exchange.baseUrl, path(changeTo(page, view.previous, true)))
    },
    get first_url() {
      return below(exchange.baseUrl, path(changeTo(page, firsts[settings.position], false, true)))
    },
    get last_url() {
      return below(exchange.baseUrl, path(changeTo(page, ends[settings.position], false)))
    },
    get first_id() {
      return idAt(page, indices[0])
    },
    get last_id() {
      return idAt(page, indices.at(-1))
    },
  }
  return view
}

function nextOf(page: FoundPage, number: number): Step {
  const { settings, end } = page
  if (settings.position === 'offset') return end
  if (settings.position === 'number') return number + 1
  return cursorAt(page, page.indices.at(-1), end - 1, false)
}

function previousOf(page: FoundPage, number: number): Step {
  const { settings, start, limit } = page
  if (settings.position === 'offset') return Math.max(0, start - limit)
  if (settings.position === 'number') return number - 1
  // A client that names items by their ids has no way to ask backwards but a parameter of its own.
  if (settings.hasIdCursors && settings.before === null) return null
  return cursorAt(page, page.indices[0], start, true)
}

function cursorAt(page: FoundPage, item: number | undefined, index: number, backwards: boolean): string | null {
  const { settings, list, asked, cursors } = page
  const id = item === undefined ? null : idOf(list.at(item), settings.id)
  if (cursors === null) return id
  const cursor: PageCursor = { backwards, index, id, asked }
  return sealCursor(cursor, settings.ttl, cursors)
}

/** Null where no query parameter leads there. `isFirst`: the parameter may be left out. */
function changeTo({ settings }: FoundPage, step: Step, backwards: boolean, isFirst = false): LinkChange | null {
  const forth = parameterOf(settings.source)
  const back = settings.before === null ? null : parameterOf(settings.before)
  if (settings.position !== 'cursor') return step === null || forth === null ? null : { [forth]: step }
  if (isFirst) return forth === null ? null : { [forth]: null, ...(back !== null && { [back]: null }) }
  const target = backwards && settings.before !== null ? back : forth
  if (step === null || target === null) return null
  const other = target === forth ? back : forth
  return { ...(other !== null && { [other]: null }), [target]: step }
}

function parameterOf(source: string): string | null {
  return source.startsWith('query.') ? source.slice('query.'.length) : null
}

function below(start: string, path: string | null): string | null {
  return path === null ? null : start + path
}

function idAt({ list, settings }: FoundPage, index: number | undefined): unknown {
  return index === undefined ? null : (readPath(list.at(index), settings.id) ?? null)
}
