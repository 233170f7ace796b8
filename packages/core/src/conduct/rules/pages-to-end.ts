import type { JournalEntry } from '../../journal/journal-entry.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { groupBy, pathOf } from '../request-facts.ts'

export const pagesToEndRule: ConductRule = {
  name: 'pages-to-end',
  expects: 'A list that comes in pages is read to its last page.',
  judge({ requests }) {
    let occasions = 0
    const findings: Finding[] = []
    const pages = requests.filter(({ facts }) => facts.endpoint !== null && facts.status < 400 && facts.fault === null)
    for (const group of groupBy(pages, (entry) => `${entry.facts.session} ${entry.facts.method} ${pathOf(entry)}`)) {
      for (const listing of listingsOf(group)) {
        const last = listing.at(-1)
        if (!listing.some(isInside) || last === undefined) continue
        occasions++
        if (!isInside(last)) continue
        findings.push({
          detail: `${last.facts.method} ${pathOf(last)} was left after ${listing.length === 1 ? 'its first page' : `${listing.length} pages`}, and there are more.`,
          requests: listing.map(({ facts }) => facts.id),
        })
      }
    }
    return { occasions, findings }
  },
}

/** Whether there are pages after it. */
function isInside({ facts }: JournalEntry): boolean {
  return facts.unfinished === 'page'
}

/** Each time that a list is read: from the request that began it until its last page, or until it is begun anew. */
function listingsOf(group: readonly JournalEntry[]): readonly JournalEntry[][] {
  const listings: JournalEntry[][] = []
  let current: JournalEntry[] = []
  for (const entry of group) {
    if (current.length > 0 && current[0]?.facts.url === entry.facts.url && entry.facts.method === 'GET') {
      listings.push(current)
      current = []
    }
    current.push(entry)
    if (isInside(entry)) continue
    listings.push(current)
    current = []
  }
  return current.length > 0 ? [...listings, current] : listings
}
