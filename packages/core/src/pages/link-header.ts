import { encoded } from './page-links.ts'
import type { PageView } from './page-view.ts'

/** RFC 8288: the pages that the client may go to; null where there are none. */
export function linkHeader({ previous_url, next_url, first_url, last_url }: PageView): string | null {
  const targets = { prev: previous_url, next: next_url, first: first_url, last: last_url }
  const links = Object.entries(targets).flatMap(([relation, url]) =>
    url === null ? [] : [`<${safe(url)}>; rel="${relation}"`],
  )
  return links.length === 0 ? null : links.join(', ')
}

/** Clients may send in a query what would end the link. */
function safe(url: string): string {
  return url.replaceAll(/[^!#-;=?-~]+/g, encoded)
}
