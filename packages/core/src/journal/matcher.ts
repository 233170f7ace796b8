import { Buffer } from 'node:buffer'
import { isFormType } from '../http/media-type.ts'
import type { JournalEntry } from './journal-entry.ts'

/** What a request must be like, compiled; each field that is named must hold. */
export interface Matcher {
  /** The fields that do not hold, with what was found; empty for a match. */
  misses(entry: JournalEntry): string[]
}

const plainFields: Readonly<Record<string, (entry: JournalEntry) => unknown>> = {
  method: ({ facts }) => facts.method,
  path: ({ facts }) => facts.url.split('?')[0],
  partner: ({ facts }) => facts.partner,
  datapoint: ({ facts }) => facts.datapoint,
  endpoint: ({ facts }) => facts.endpoint,
  step: ({ facts }) => facts.step,
  flow: ({ facts }) => facts.flow,
  status: ({ facts }) => facts.status,
  refused_by: ({ facts }) => facts.refusedBy,
}

const partsOf: Readonly<Record<string, (entry: JournalEntry, name: string) => unknown>> = {
  headers: ({ facts }, name) => valueOfHeader(facts.requestHeaders, name),
  query: ({ facts }, name) => new URLSearchParams(facts.url.split('?')[1] ?? '').get(name) ?? undefined,
  body: (entry, name) => valueAt(bodyOf(entry), name),
}

export const matcherFields = [...Object.keys(plainFields), ...Object.keys(partsOf)]

/** The matcher, or what is wrong with its declaration. */
export function compileMatcher(declared: Readonly<Record<string, unknown>>): Matcher | string {
  const tests: ((entry: JournalEntry) => string | null)[] = []
  for (const [name, wanted] of Object.entries(declared)) {
    const plain = plainFields[name]
    const part = partsOf[name]
    if (plain !== undefined) tests.push((entry) => miss(name, plain(entry), wanted))
    else if (part === undefined) return `A request has no "${name}"; it has ${matcherFields.join(', ')}.`
    else if (!isMapping(wanted)) return `${name} must be an object of names and values, such as {"id": 5}.`
    else {
      for (const [inner, value] of Object.entries(wanted))
        tests.push((entry) => miss(`${name}.${inner}`, part(entry, inner), value))
    }
  }
  const values = Object.entries(declared).flatMap(([name, wanted]) =>
    partsOf[name] !== undefined && isMapping(wanted) ? Object.values(wanted) : [wanted],
  )
  for (const value of values) {
    const unknown = isMapping(value) ? Object.keys(value).find((name) => operators[name] === undefined) : undefined
    if (unknown !== undefined)
      return `There is no operator "${unknown}"; there are ${Object.keys(operators).join(', ')}.`
  }
  return { misses: (entry) => tests.map((test) => test(entry)).filter((found) => found !== null) }
}

function miss(name: string, found: unknown, wanted: unknown): string | null {
  const conditions = isMapping(wanted) ? wanted : { equals: wanted }
  for (const [operator, value] of Object.entries(conditions)) {
    if (operators[operator]?.(found, value) === true) continue
    const asked = operator === 'equals' ? JSON.stringify(value) : `${operator} ${JSON.stringify(value)}`
    return `${name} is ${found === undefined ? 'absent' : JSON.stringify(found)}, not ${asked}`
  }
  return null
}

const operators: Readonly<Record<string, (found: unknown, value: unknown) => boolean>> = {
  equals: isEqual,
  in: (found, value) => Array.isArray(value) && value.some((one) => isEqual(found, one)),
  contains: (found, value) =>
    Array.isArray(found)
      ? found.some((one) => isEqual(one, value))
      : typeof found === 'string' && found.includes(String(value)),
  exists: (found, value) => (found !== undefined && found !== null) === (value !== false),
  gt: (found, value) => Number(found) > Number(value),
  gte: (found, value) => Number(found) >= Number(value),
  lt: (found, value) => Number(found) < Number(value),
  lte: (found, value) => Number(found) <= Number(value),
}

/** Text that reads as a number or a truth value equals it: queries, headers and forms know nothing but text. */
function isEqual(found: unknown, value: unknown): boolean {
  if (found === value) return true
  if (typeof found === 'object' || typeof value === 'object') return JSON.stringify(found) === JSON.stringify(value)
  return found !== undefined && String(found) === String(value)
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function valueOfHeader(headers: readonly (readonly [string, string])[], name: string): string | undefined {
  const found = headers.filter(([header]) => header.toLowerCase() === name.toLowerCase()).map(([, value]) => value)
  return found.length === 0 ? undefined : found.join(', ')
}

function bodyOf({ facts, requestBody }: JournalEntry): unknown {
  const text = Buffer.from(requestBody).toString('utf8')
  if (isFormType(valueOfHeader(facts.requestHeaders, 'content-type') ?? null) && !/^\s*[{[]/.test(text))
    return Object.fromEntries(new URLSearchParams(text))
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function valueAt(value: unknown, path: string): unknown {
  let current = value
  for (const name of path.split('.')) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, name)) return undefined
    current = (current as Readonly<Record<string, unknown>>)[name]
  }
  return current
}
