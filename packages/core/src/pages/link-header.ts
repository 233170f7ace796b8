import type { PageView } from './page-view.ts'

/** RFC 8288: the pages that the client may go to; null where there are none. */
export function linkHeader({ previous_url, next_url, first_url, last_url }: PageView): string | null {
  const links = [
    ['prev', previous_url],
    ['next', next_url],
    ['first', first_url],
    ['last', last_url],
  ].flatMap(([relation, url]) => (url === null ? [] : [`<${url}>; rel="${relation}"`]))
  return links.length === 0 ? null : links.join(', ')
}
