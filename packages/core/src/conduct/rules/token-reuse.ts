import type { JournalEntry } from '../../journal/journal-entry.ts'
import type { ConductRule, Finding } from '../conduct-rule.ts'
import { answeredMembers, groupBy, headerOf, seconds, sentMembers } from '../request-facts.ts'

/** Grants by which a client gets a token for itself, whenever it likes. */
const ownGrants = ['client_credentials', 'password']

/** A token may be fetched anew a little before it ends. */
const earlyMs = 60_000
const earlyShare = 0.2

export const tokenReuseRule: ConductRule = {
  name: 'token-reuse',
  expects: 'A client uses its token until it ends, and asks for no other one before.',
  judge({ requests }) {
    let occasions = 0
    const findings: Finding[] = []
    for (const grants of groupBy(requests.filter(isGrant), clientOf)) {
      const wasteful: JournalEntry[] = []
      for (const [index, grant] of grants.entries()) {
        const previous = grants[index - 1]
        if (previous === undefined) continue
        occasions++
        const early = leftOf(previous, grant) > Math.max(earlyMs, lifetimeOf(previous) * earlyShare)
        if (early && !wasRefused(requests, previous, grant)) wasteful.push(grant)
      }
      const [first] = grants
      if (first === undefined || wasteful.length === 0) continue
      findings.push({
        detail:
          `${first.facts.method} ${first.facts.url} was asked for ${wasteful.length === 1 ? 'a token' : `${wasteful.length} tokens`} ` +
          `while the one before was good for ${seconds(lifetimeOf(first))} and had not ended.`,
        requests: [...new Set(wasteful.flatMap((grant) => [grants[grants.indexOf(grant) - 1] ?? grant, grant]))].map(
          ({ facts }) => facts.id,
        ),
      })
    }
    return { occasions, findings }
  },
}

function isGrant(entry: JournalEntry): boolean {
  const { facts } = entry
  if (facts.method !== 'POST' || facts.status >= 300 || facts.fault !== null) return false
  const answered = answeredMembers(entry)
  const grant = sentMembers(entry)?.grant_type ?? 'client_credentials'
  return answered?.access_token !== undefined && lifetimeOf(entry) > 0 && ownGrants.some((own) => own === grant)
}

function lifetimeOf(entry: JournalEntry): number {
  const seconds = answeredMembers(entry)?.expires_in
  // Some partners write it as text. Anything else is no number, and may be nothing that becomes one.
  return typeof seconds === 'number' || typeof seconds === 'string' ? Number(seconds) * 1000 : 0
}

/** The secrets in it are hashes: equal ones are alike. */
function clientOf(entry: JournalEntry): string {
  const { facts } = entry
  const sent = sentMembers(entry) ?? {}
  const client = [
    sent.client_id,
    sent.username,
    sent.scope,
    sent.audience,
    headerOf(facts.requestHeaders, 'authorization'),
  ]
  return JSON.stringify([facts.session, facts.partner, facts.endpoint, ...client.map((one) => one ?? null)])
}

/** What is left of the first token when the second is asked for, by the session's clock. */
function leftOf(first: JournalEntry, second: JournalEntry): number {
  const timeOf = ({ facts }: JournalEntry) => facts.sessionTime ?? facts.at
  return timeOf(first) + lifetimeOf(first) - timeOf(second)
}

/** Whoever is told that a token is not good does right to ask for another. */
function wasRefused(requests: readonly JournalEntry[], first: JournalEntry, second: JournalEntry): boolean {
  return requests
    .slice(requests.indexOf(first), requests.indexOf(second))
    .some(({ facts }) => facts.status === 401 && facts.partner === first.facts.partner)
}
