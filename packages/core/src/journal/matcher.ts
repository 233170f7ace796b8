import { compileCondition } from '../conditions/condition.ts'
import { operators } from '../conditions/operators.ts'
import { compileSelector } from '../conditions/selector.ts'
import { DefinitionFault } from '../definition-fault.ts'
import type { EngineHeaders } from '../http/messages.ts'
import { isHeaderView, isMapping } from '../rendering/read-member.ts'
import { createScope, type Scope, withLocals } from '../rendering/scope.ts'
import { createRequestView, type RequestView } from '../request/request-view.ts'
import type { JournalEntry } from './journal-entry.ts'

/** What a request must be like, compiled; each field that is named must hold. */
export interface Matcher {
  /** The fields that do not hold, with what was found; empty for a match. */
  misses(entry: JournalEntry): string[]
}

/** Fields of the journal itself, beside the parts of the request. */
const facts = ['partner', 'datapoint', 'endpoint', 'step', 'flow', 'status', 'refused_by'] as const
const plainParts = ['method', 'path', 'url', 'text'] as const
const namedParts = ['params', 'query', 'headers', 'body'] as const
const combined = ['any', 'all', 'not'] as const

/** The language of `when`. Gives the matcher, or what is wrong with its declaration; throws what `withLibraries` understands. */
export function compileMatcher(declared: Readonly<Record<string, unknown>>): Matcher | string {
  const fault = faultOf(declared)
  if (fault !== null) return fault
  try {
    const tests = Object.entries(declared).flatMap(([name, wanted]) => compileField(name, wanted))
    return {
      misses(entry) {
        const scope = scopeOf(entry)
        return tests.map((test) => test(scope)).filter((miss) => miss !== null)
      },
    }
  } catch (error) {
    if (error instanceof DefinitionFault) return error.message
    throw error
  }
}

type FieldTest = (scope: Scope) => string | null

/** One test for each member of a named part, so that a miss tells which one it was. */
function compileField(name: string, wanted: unknown): FieldTest[] {
  const isNamed = (namedParts as readonly string[]).includes(name)
  if (isNamed && isMapping(wanted) && !isOperation(wanted)) {
    return Object.entries(wanted).map(([member, value]) => {
      const select = compileSelector(member)
      const found = ({ request }: Scope) => select(request?.[name as 'body'], request)[0]
      return compileTest(`${name}.${member}`, { [name]: { [member]: value } }, value, found)
    })
  }
  const isFact = (facts as readonly string[]).includes(name)
  const found = (scope: Scope) => (isFact ? scope.locals?.[name] : scope.request?.[name as 'text'])
  return [compileTest(name, { [name]: wanted }, wanted, found)]
}

function compileTest(name: string, declared: unknown, wanted: unknown, find: (scope: Scope) => unknown): FieldTest {
  const holds = compileCondition(declared)
  return (scope) => {
    if (holds(scope)) return null
    if ((combined as readonly string[]).includes(name)) return `${name} does not hold`
    const found = find(scope)
    return `${name} is ${found === undefined ? 'absent' : shown(found)}, not ${asked(wanted)}`
  }
}

function isOperation(wanted: Readonly<Record<string, unknown>>): boolean {
  const names = Object.keys(wanted)
  return names.length > 0 && names.every((name) => Object.hasOwn(operators, name))
}

/** `3` for what must equal, else `gte 3`. */
function asked(wanted: unknown): string {
  if (!isMapping(wanted) || !isOperation(wanted)) return shown(wanted)
  const conditions = Object.entries(wanted).map(
    ([name, value]) => `${name === 'equals' ? '' : `${name} `}${shown(value)}`,
  )
  return conditions.join(' and ')
}

const longest = 200

function shown(value: unknown): string {
  const text = isHeaderView(value) ? 'these headers' : JSON.stringify(value)
  return text.length <= longest ? text : `${text.slice(0, longest)}…`
}

function faultOf(declared: Readonly<Record<string, unknown>>): string | null {
  for (const [name, wanted] of Object.entries(declared)) {
    const fault = faultOfField(name, wanted)
    if (fault !== null) return fault
  }
  return null
}

function faultOfField(name: string, wanted: unknown): string | null {
  if ((combined as readonly string[]).includes(name)) {
    const inner = Array.isArray(wanted) ? wanted : [wanted]
    const wrong = inner.find((one) => !isMapping(one))
    if (wrong !== undefined) return `${name} must hold objects of fields, found ${shown(wrong)}.`
    return inner.map((one) => faultOf(one as Readonly<Record<string, unknown>>)).find((fault) => fault !== null) ?? null
  }
  if ((namedParts as readonly string[]).includes(name)) {
    const isPlain = name === 'body' || isMapping(wanted)
    return isPlain ? null : `${name} must be an object of names and values, such as {"id": 5}.`
  }
  if (![...facts, ...plainParts].includes(name as 'status'))
    return `A request has no "${name}"; it has ${[...plainParts, ...namedParts, ...facts, ...combined].join(', ')}.`
  const unknown = isMapping(wanted) ? Object.keys(wanted).find((one) => !Object.hasOwn(operators, one)) : undefined
  if (unknown === undefined) return null
  return `There is no operator "${unknown}"; there are ${Object.keys(operators).join(', ')}.`
}

const scopes = new WeakMap<JournalEntry, Scope>()

/** What the conditions of `when` see of an entry; made once for all that look at it. */
function scopeOf(entry: JournalEntry): Scope {
  const known = scopes.get(entry)
  if (known !== undefined) return known
  const { partner, datapoint, endpoint, step, flow, status, refusedBy } = entry.facts
  const locals = { partner, datapoint, endpoint, step, flow, status, refused_by: refusedBy }
  const request = requestOf(entry)
  const scope = withLocals(createScope({ request: () => request }), locals)
  scopes.set(entry, scope)
  return scope
}

function requestOf({ facts, requestBody }: JournalEntry): RequestView {
  return createRequestView({
    method: facts.method,
    pathAndQuery: facts.url,
    params: facts.params,
    headers: headersOf(facts.requestHeaders),
    bytes: requestBody,
    baseUrl: () => '',
  })
}

function headersOf(pairs: readonly (readonly [string, string])[]): EngineHeaders {
  return {
    get(name) {
      const found = pairs.filter(([header]) => header.toLowerCase() === name)
      return found.length === 0 ? null : found.map(([, value]) => value).join(', ')
    },
    entries: () => pairs,
  }
}
