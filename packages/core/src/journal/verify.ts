import type { JournalEntry } from './journal-entry.ts'
import { compileMatcher, type Matcher } from './matcher.ts'

/** What is to be true of the requests received. */
export interface Verification {
  readonly matcher: Matcher
  readonly count: Count
  /** Each must match a request after that of the one before; the first after one that matches the matcher itself. */
  readonly followedBy: readonly Matcher[]
}

interface Count {
  readonly least: number
  readonly most: number
}

/** A request that does not match, and in what. */
type Near = {
  readonly id: string
  readonly at: string
  readonly method: string
  readonly url: string
  readonly status: number
  readonly differs: readonly string[]
}

export interface Verdict {
  readonly holds: boolean
  readonly count: number
  /** In one sentence why it does not hold; null where it does. */
  readonly reason: string | null
  readonly nearest: readonly Near[]
}

/** The verification, or what is wrong with its declaration. */
export function readVerification(object: Readonly<Record<string, unknown>>): Verification | string {
  const { count = { gte: 1 }, then = [], ...fields } = object
  const matcher = compileMatcher(fields)
  if (typeof matcher === 'string') return matcher
  const counted = readCount(count)
  if (typeof counted === 'string') return counted
  if (!Array.isArray(then)) return 'then must be a list of requests in the order in which they must come.'
  const matchers: Matcher[] = []
  for (const one of then) {
    if (typeof one !== 'object' || one === null || Array.isArray(one))
      return 'Each of then must be an object of fields.'
    const next = compileMatcher(one as Readonly<Record<string, unknown>>)
    if (typeof next === 'string') return next
    matchers.push(next)
  }
  return { matcher, count: counted, followedBy: matchers }
}

/** Entries come in the order of time. */
export function verify({ matcher, count, followedBy }: Verification, entries: readonly JournalEntry[]): Verdict {
  const matching = entries.filter((entry) => matcher.misses(entry).length === 0)
  const found = matching.length
  if (found < count.least || found > count.most) {
    const nearest =
      found > count.most ? matching.slice(0, mostNearest).map((entry) => near(entry, [])) : nearestTo(matcher, entries)
    const came = `${found === 1 ? '1 request matches' : `${found} requests match`}, expected ${describeCount(count)}`
    return { holds: false, count: found, reason: `${came}.${tellNearest(nearest)}`, nearest }
  }
  let position = entries.findIndex((entry) => matcher.misses(entry).length === 0)
  for (const [index, next] of followedBy.entries()) {
    const later = entries.slice(position + 1)
    const at = later.findIndex((entry) => next.misses(entry).length === 0)
    if (at === -1) {
      const reason = `No request after ${position === -1 ? 'the beginning' : describe(entries[position])} matches then[${index}].`
      const nearest = nearestTo(next, later)
      return { holds: false, count: found, reason: `${reason}${tellNearest(nearest)}`, nearest }
    }
    position += 1 + at
  }
  return { holds: true, count: found, reason: null, nearest: [] }
}

const mostNearest = 5

/** Those with the fewest fields that differ, and which. */
function nearestTo(matcher: Matcher, entries: readonly JournalEntry[]): Near[] {
  return entries
    .map((entry) => ({ entry, misses: matcher.misses(entry) }))
    .filter(({ misses }) => misses.length > 0)
    .sort((a, b) => a.misses.length - b.misses.length || b.entry.facts.at - a.entry.facts.at)
    .slice(0, mostNearest)
    .map(({ entry, misses }) => near(entry, misses))
}

function near({ facts }: JournalEntry, misses: readonly string[]): Near {
  const { id, at, method, url, status } = facts
  return { id, at: new Date(at).toISOString(), method, url, status, differs: misses }
}

/** The sentence alone is what a failed test shows. */
function tellNearest([first]: readonly Near[]): string {
  if (first === undefined || first.differs.length === 0) return ''
  return ` The nearest is ${first.method} ${first.url}: ${first.differs.join('; ')}.`
}

function describe(entry: JournalEntry | undefined): string {
  return entry === undefined ? 'it' : `${entry.facts.method} ${entry.facts.url}`
}

const bounds: Readonly<Record<string, (value: number) => Partial<Count>>> = {
  equals: (value) => ({ least: value, most: value }),
  gte: (value) => ({ least: value }),
  gt: (value) => ({ least: value + 1 }),
  lte: (value) => ({ most: value }),
  lt: (value) => ({ most: value - 1 }),
}

function readCount(count: unknown): Count | string {
  const wrong = 'count must be a number, or an object of gte, gt, lte, lt and equals with numbers, such as {"gte": 1}.'
  const declared = typeof count === 'number' ? { equals: count } : count
  if (typeof declared !== 'object' || declared === null) return wrong
  let read: Count = { least: 0, most: Number.POSITIVE_INFINITY }
  for (const [name, value] of Object.entries(declared)) {
    const bound = bounds[name]
    if (bound === undefined || !Number.isInteger(value) || value < 0) return wrong
    read = { ...read, ...bound(value) }
  }
  return read
}

function describeCount({ least, most }: Count): string {
  if (least === most) return `exactly ${least}`
  if (most === Number.POSITIVE_INFINITY) return `at least ${least}`
  return least === 0 ? `at most ${most}` : `${least} to ${most}`
}
