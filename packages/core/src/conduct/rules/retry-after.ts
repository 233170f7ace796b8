import type { JournalEntry } from '../../journal/journal-entry.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { headerOf, nameOf, pathOf, pauseBetween, seconds } from '../request-facts.ts'

/** A timer of the client may be a little early. */
const tolerance = 0.95

/** RFC 9110, section 10.2.3: a time to wait before the next request, in an answer of any kind. */
export const retryAfterRule: ConductRule = {
  name: 'retry-after',
  expects: 'After an answer with Retry-After the next request of its kind comes no sooner.',
  judge({ requests }) {
    let occasions = 0
    const findings: Finding[] = []
    const nexts = followersOf(requests)
    for (const first of requests) {
      const wantedMs = retryAfterOf(first)
      if (wantedMs === null || wantedMs <= 0) continue
      const next = nexts.get(first)
      if (next === undefined) continue
      occasions++
      const pauseMs = pauseBetween(first, next)
      if (pauseMs >= wantedMs * tolerance) continue
      findings.push({
        detail: `${nameOf(next)} came ${seconds(pauseMs)} after an answer ${first.facts.status} that asked to wait ${seconds(wantedMs)} (Retry-After).`,
        requests: [first.facts.id, next.facts.id],
      })
    }
    return { occasions, findings }
  },
}

/** In milliseconds from the answer on; null where none was said. */
function retryAfterOf({ facts }: JournalEntry): number | null {
  const text = headerOf(facts.responseHeaders, 'retry-after')
  if (text === null || facts.fault !== null) return null
  if (/^\d+(\.\d+)?$/.test(text.trim())) return Number(text) * 1000
  const date = Date.parse(text)
  return Number.isNaN(date) ? null : date - (facts.at + facts.durationMs)
}

/**
 * What comes next after each: the same request again; or, within a flow, the next look at it. Found in one walk from the
 * end, since a journal may hold ten thousand requests of which each is another one.
 */
function followersOf(requests: readonly JournalEntry[]): ReadonlyMap<JournalEntry, JournalEntry> {
  const nexts = new Map<JournalEntry, JournalEntry>()
  const same = new Map<string, number>()
  const looks = new Map<string, number>()
  for (let index = requests.length - 1; index >= 0; index--) {
    const entry = requests[index] as JournalEntry
    const { session, partner, method, flow } = entry.facts
    const name = JSON.stringify([session, partner, method, pathOf(entry)])
    const flowName = flow === null ? null : JSON.stringify([session, partner, flow])
    const again = same.get(name) ?? requests.length
    const look = flowName === null ? undefined : looks.get(flowName)
    const next = requests[Math.min(again, look ?? requests.length)]
    if (next !== undefined) nexts.set(entry, next)
    same.set(name, index)
    if (flowName !== null && (method === 'GET' || method === 'HEAD')) looks.set(flowName, index)
  }
  return nexts
}
