import { Buffer } from 'node:buffer'
import type { JournalEntry } from '../../journal/journal-entry.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { groupBy, hasFailed, nameOf, pathOf } from '../request-facts.ts'

export const idempotencyKeyRule: ConductRule = {
  name: 'idempotency-key',
  expects: 'A request that is sent again carries the same Idempotency-Key, and another request another one.',
  judge({ requests }) {
    let occasions = 0
    const findings: Finding[] = []
    const writing = requests.filter(({ facts }) => facts.method === 'POST' || facts.method === 'PATCH')
    for (const same of groupBy(writing, (entry) => `${placeOf(entry)} ${bodyKeyOf(entry)}`)) {
      for (const [index, again] of same.entries()) {
        const first = same[index - 1]
        if (first === undefined || !hasFailed(first) || keyOf(first) === null) continue
        occasions++
        if (keyOf(first) === keyOf(again)) continue
        const what = keyOf(again) === null ? 'without an Idempotency-Key' : 'with another Idempotency-Key'
        findings.push({
          detail: `${nameOf(again)} was sent again ${what} after ${first.facts.fault ?? `an answer ${first.facts.status}`}: the partner takes it for a second order.`,
          requests: [first.facts.id, again.facts.id],
        })
      }
    }
    for (const same of groupBy(writing, (entry) => keyOf(entry) && `${placeOf(entry)} ${keyOf(entry)}`)) {
      const [first] = same
      const other = same.find((entry) => first !== undefined && bodyKeyOf(entry) !== bodyKeyOf(first))
      if (same.length > 1) occasions++
      if (first === undefined || other === undefined) continue
      findings.push({
        detail: `${nameOf(other)} carries the Idempotency-Key of an earlier request and says something else.`,
        requests: [first.facts.id, other.facts.id],
      })
    }
    return { occasions, findings }
  },
}

function placeOf(entry: JournalEntry): string {
  return `${entry.facts.session} ${entry.facts.partner} ${entry.facts.method} ${pathOf(entry)}`
}

function bodyKeyOf({ requestBody, facts }: JournalEntry): string {
  return `${facts.requestBytes} ${Buffer.from(requestBody).toString('base64')}`
}

/** Partners call it `Idempotency-Key`, with a prefix of their own or without. */
function keyOf({ facts }: JournalEntry): string | null {
  return facts.requestHeaders.find(([name]) => /(^|-)(idempotency-key|paypal-request-id)$/i.test(name))?.[1] ?? null
}
