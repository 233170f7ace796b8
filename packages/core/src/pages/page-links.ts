import { Buffer } from 'node:buffer'
import type { Exchange } from '../handling/exchange.ts'
import { queryOf } from '../routing/target.ts'

/** Query parameters with the value that each gets; null takes one away. */
export type LinkChange = Readonly<Record<string, string | number | null>>

/**
 * Path and query of the same request with other query parameters, without the session's prefix. What is not changed stays as
 * it was sent.
 */
export function pathWith({ view }: Exchange, change: LinkChange): string {
  const written = new Set<string>()
  const kept = queryOf(view.url.split('#', 1)[0] ?? '')
    .split('&')
    .filter((piece) => piece !== '')
    .flatMap((piece) => {
      const name = nameOf(piece)
      if (!Object.hasOwn(change, name)) return [piece]
      if (written.has(name)) return []
      written.add(name)
      return parameter(name, change[name] ?? null)
    })
  const added = Object.entries(change).flatMap(([name, value]) => (written.has(name) ? [] : parameter(name, value)))
  const query = [...kept, ...added].join('&')
  return `${view.path}${query === '' ? '' : `?${query}`}`
}

function nameOf(piece: string): string {
  return [...new URLSearchParams(piece).keys()][0] ?? ''
}

function parameter(name: string, value: string | number | null): string[] {
  return value === null ? [] : [`${encoded(name)}=${encoded(String(value))}`]
}

/** Percent-encoded. Half of a character, which JSON can hold and UTF-8 cannot, becomes the sign for that. */
export function encoded(text: string): string {
  return encodeURIComponent(Buffer.from(text, 'utf8').toString('utf8'))
}
