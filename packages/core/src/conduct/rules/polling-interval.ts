import type { JournalEntry } from '../../journal/journal-entry.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { answeredMembers, groupBy, pauseBetween, seconds } from '../request-facts.ts'

const tolerance = 0.95

/** The interval is what an answer of the flow has said (RFC 8628, section 3.2: `interval`), else what the tester says. */
export const pollingIntervalRule: ConductRule = {
  name: 'polling-interval',
  expects: 'Two polls of a flow are as far apart as its answers, or the options of the report, ask for.',
  judge({ requests }, { pollIntervalMs }) {
    let occasions = 0
    const findings: Finding[] = []
    for (const flow of groupBy(requests, ({ facts }) => facts.flow && `${facts.session} ${facts.flow}`)) {
      const wantedMs = intervalOf(flow) ?? pollIntervalMs
      if (wantedMs === null) continue
      for (const polls of groupBy(flow.slice(1), ({ facts }) => `${facts.method} ${facts.endpoint}`)) {
        occasions += polls.length - 1
        const hasty = polls.filter((poll, index) => isHasty(polls[index - 1], poll, wantedMs))
        const [first] = hasty
        if (first === undefined) continue
        const shortest = Math.min(...hasty.map((poll) => pauseTo(polls, poll)))
        findings.push({
          detail:
            `${first.facts.method} ${first.facts.endpoint} polled the flow ${first.facts.flow} ${times(hasty.length)} sooner than ` +
            `${seconds(wantedMs)} after the poll before, the soonest after ${seconds(shortest)}.`,
          requests: [...new Set(hasty.flatMap((poll) => [before(polls, poll), poll]))].map(({ facts }) => facts.id),
        })
      }
    }
    return { occasions, findings }
  },
}

function intervalOf(flow: readonly JournalEntry[]): number | null {
  for (const entry of flow) {
    const interval = answeredMembers(entry)?.interval
    if (typeof interval === 'number' && interval > 0) return interval * 1000
  }
  return null
}

function isHasty(previous: JournalEntry | undefined, poll: JournalEntry, wantedMs: number): boolean {
  return previous !== undefined && pauseBetween(previous, poll) < wantedMs * tolerance
}

function before(polls: readonly JournalEntry[], poll: JournalEntry): JournalEntry {
  return polls[polls.indexOf(poll) - 1] ?? poll
}

function pauseTo(polls: readonly JournalEntry[], poll: JournalEntry): number {
  return Math.max(0, pauseBetween(before(polls, poll), poll))
}

function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`
}
