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
    for (const [index, first] of requests.entries()) {
      const wantedMs = retryAfterOf(first)
      if (wantedMs === null || wantedMs <= 0) continue
      const next = requests.slice(index + 1).find((later) => follows(first, later))
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

/** The same request again; or, within a flow, the next look at it. */
function follows(first: JournalEntry, later: JournalEntry): boolean {
  if (first.facts.session !== later.facts.session || first.facts.partner !== later.facts.partner) return false
  const isSame = first.facts.method === later.facts.method && pathOf(first) === pathOf(later)
  const isLook = later.facts.method === 'GET' || later.facts.method === 'HEAD'
  return isSame || (first.facts.flow !== null && first.facts.flow === later.facts.flow && isLook)
}
