import { Buffer } from 'node:buffer'
import type { JournalEntry } from '../../journal/journal-entry.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { groupBy } from '../request-facts.ts'

/** To look once more is no fault: two readers, or a page that is loaded again. */
const tolerated = 2

export const pollsAfterFinalRule: ConductRule = {
  name: 'polls-after-final',
  expects: 'A consumer that was given the final answer of a flow stops polling.',
  judge({ requests }) {
    let occasions = 0
    const findings: Finding[] = []
    const looks = requests.filter(({ facts }) => facts.flow !== null && ['GET', 'HEAD'].includes(facts.method))
    for (const polls of groupBy(
      looks,
      ({ facts }) => `${facts.session} ${facts.flow} ${facts.method} ${facts.endpoint}`,
    )) {
      const last = polls.at(-1)
      if (last === undefined || !isFinal(last)) continue
      occasions++
      const begin = polls.findLastIndex((poll) => !isFinal(poll) || answerOf(poll) !== answerOf(last))
      const same = polls.slice(begin + 1)
      if (same.length <= tolerated) continue
      const { method, endpoint, flow } = last.facts
      findings.push({
        detail: `${method} ${endpoint} went on ${same.length - 1} times after it had given the final answer of the flow ${flow}.`,
        requests: same.map(({ facts }) => facts.id),
      })
    }
    return { occasions, findings }
  },
}

function isFinal({ facts }: JournalEntry): boolean {
  return facts.status < 400 && facts.unfinished !== 'interim' && facts.fault === null
}

function answerOf({ facts, responseBody }: JournalEntry): string {
  return `${facts.status} ${facts.responseBytes} ${Buffer.from(responseBody).toString('base64')}`
}
