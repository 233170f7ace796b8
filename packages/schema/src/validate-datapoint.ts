import { checkAuth } from './auth-rules.ts'
import { checkCallbacks } from './callback-rules.ts'
import { datapointHead } from './definition-schema.ts'
import { describeValue } from './describe-value.ts'
import { checkEffects } from './effect-rules.ts'
import { type ExplainContext, explainIssues } from './explain-issue.ts'
import { namesGiven } from './fields/effects.ts'
import { completed, type Level, levelOf, withInherited } from './inherit.ts'
import { dropExtensions } from './language-mapping.ts'
import { nearest } from './nearest.ts'
import { checkPage } from './page-rules.ts'
import { parsePath } from './path-syntax.ts'
import type { DatapointShape, EndpointShape, PatternSchema } from './patterns/pattern.ts'
import { findPattern } from './patterns/registry.ts'
import { type Problem, prefixProblem, type ValuePath } from './problem.ts'
import { checkChoices, checkResponse } from './response-rules.ts'
import { keysAt } from './schema-at.ts'
import { checkTemplates } from './templates/check-templates.ts'

export interface ValidatedDatapoint {
  problems: Problem[]
  /** Without problems, the whole datapoint. */
  datapoint?: DatapointShape
  /** The endpoints that have no fault, at their positions. */
  endpoints: (EndpointShape | undefined)[]
}

/** Checks one datapoint by the schema of its pattern. Paths begin at the datapoint. */
export function validateDatapoint(
  value: unknown,
  patterns: readonly PatternSchema[],
  partner: Level = noLevel,
): ValidatedDatapoint {
  const raw = dropExtensions(value)
  if (typeof raw !== 'object' || raw === null || Array.isArray(raw)) {
    const found = describeValue(raw)
    const message = `A datapoint must be a mapping with "name", "pattern" and "endpoints", found ${found}.`
    return { problems: [{ code: 'bad-value', message, path: [], expected: 'a mapping', found }], endpoints: [] }
  }
  const name = 'pattern' in raw ? raw.pattern : undefined
  const pattern = typeof name === 'string' ? findPattern(name, patterns) : undefined
  return pattern ? validateWith(pattern, raw, { patterns, partner }) : validateAsMeant(raw, name, { patterns, partner })
}

/** With a key or a name that is only mistyped the other faults of the datapoint are told at once, too. */
function validateAsMeant(raw: object, name: unknown, around: Around): ValidatedDatapoint {
  const { patterns } = around
  const mistyped = 'pattern' in raw ? undefined : Object.keys(raw).find((key) => nearest(key, ['pattern']))
  const problem = mistyped === undefined ? unknownPattern(raw, name, patterns) : mistypedKey(mistyped)
  const { [mistyped ?? 'pattern']: found, ...rest } = raw as Record<string, unknown>
  const meant =
    typeof found === 'string' ? (findPattern(found, patterns) ?? nearestPattern(found, patterns)) : undefined
  if (!meant) return { problems: [problem], endpoints: [] }
  const { problems } = validateWith(meant, { ...rest, pattern: meant.name }, around)
  return { problems: [problem, ...problems], endpoints: [] }
}

function nearestPattern(found: string, patterns: readonly PatternSchema[]): PatternSchema | undefined {
  const name = nearest(found, namesOf(patterns))
  return name === undefined ? undefined : findPattern(name, patterns)
}

function namesOf(patterns: readonly PatternSchema[]): string[] {
  return patterns.flatMap(({ name, aliases }) => [name, ...aliases])
}

function mistypedKey(found: string): Problem {
  const message = `Unknown key "${found}" in a datapoint; did you mean "pattern"?`
  return { code: 'unknown-key', message, path: [found], at: 'key', found, suggestion: 'pattern' }
}

interface Around {
  readonly patterns: readonly PatternSchema[]
  /** What the partner hands down. */
  readonly partner: Level
}

const noLevel = levelOf({})

function validateWith(pattern: PatternSchema, written: object, { patterns, partner }: Around): ValidatedDatapoint {
  const raw = pattern.complete?.(written as Readonly<Record<string, unknown>>) ?? written
  const schema = datapointHead(pattern)
  const context = contextOf(pattern, patterns)
  const head = schema.safeParse(raw)
  const problems = head.success ? [] : explainIssues(head.error.issues, { ...context, value: raw, schema })
  const levels = [partner, levelOf(raw)]
  const keys = keysAt(pattern.endpoint, [])
  problems.push(...checkTemplates({ ...raw, endpoints: [] }))
  const listed = 'endpoints' in raw && Array.isArray(raw.endpoints) ? raw.endpoints : []
  const endpoints = listed.map((value: unknown, index) => {
    const validated = validateEndpoint(pattern, withInherited(value, levels, keys), context)
    // What is inherited has been looked at where it stands.
    if (validated.endpoint) {
      const isOwn = isObject(value) && 'page' in value
      problems.push(...checkPage(validated.endpoint.page, pattern, isOwn).map(under(index)))
    }
    if (validated.endpoint && isObject(value)) {
      const given = namesGiven(validated.endpoint.effects)
      problems.push(...checkTemplates(value, given).map(under(index)))
    }
    problems.push(...validated.problems.map(under(index)))
    const whole = validated.endpoint && completed(validated.endpoint, levels)
    const joined = whole && checkJoinedPath(whole, validated.endpoint)
    if (joined) problems.push(under(index)(joined))
    return joined ? undefined : whole
  })
  if (!head.success || endpoints.includes(undefined)) return { problems, endpoints }
  // The head was parsed by the pattern's own schema, and each endpoint too: together they are its datapoint.
  const datapoint = { ...head.data, endpoints } as unknown as DatapointShape
  problems.push(...(pattern.checkDatapoint?.(datapoint) ?? []))
  return { problems, datapoint, endpoints }
}

/** A path and what stands before it are each a path; together they may be none. */
function checkJoinedPath({ path }: EndpointShape, declared: EndpointShape | undefined): Problem | undefined {
  const parsed = path === declared?.path ? undefined : parsePath(path)
  if (parsed === undefined || parsed.ok) return undefined
  const message = `With what "base_path" puts before it, the path ${JSON.stringify(path.slice(0, 200))} ${parsed.problem}.`
  return { code: 'bad-path', message, path: ['path'] }
}

function under(endpoint: number): (problem: Problem) => Problem {
  return (problem) => prefixProblem(['endpoints', endpoint], problem)
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

type Context = Omit<ExplainContext, 'value' | 'schema'>

function validateEndpoint(pattern: PatternSchema, value: unknown, context: Context) {
  const parsed = pattern.endpoint.safeParse(value)
  if (!parsed.success) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      const found = describeValue(value)
      const message = `An endpoint must be a mapping with "method" and "path", found ${found}.`
      return { problems: [{ code: 'bad-value', message, path: [], expected: 'a mapping', found }] }
    }
    const below = (path: ValuePath): ValuePath => ['endpoints', 0, ...path]
    const problems = explainIssues(parsed.error.issues, {
      value,
      schema: pattern.endpoint,
      nameOf: (path) => context.nameOf(below(path)),
      knownElsewhere: (key, path) => context.knownElsewhere?.(key, below(path)),
    })
    return { problems }
  }
  const endpoint = parsed.data as EndpointShape
  return {
    endpoint,
    problems: [
      ...checkResponse(endpoint),
      ...checkChoices(endpoint),
      ...checkAuth(endpoint.auth, (value as { readonly auth?: unknown }).auth),
      ...checkEffects(endpoint.effects, pattern.subject ?? null),
      ...checkCallbacks(endpoint.callbacks),
      ...(pattern.checkEndpoint?.(endpoint) ?? []),
    ],
  }
}

function contextOf(pattern: PatternSchema, patterns: readonly PatternSchema[]): Context {
  return {
    nameOf(path) {
      const key = path.findLast((step) => typeof step === 'string')
      if (key === undefined) return `a datapoint of pattern ${pattern.name}`
      if (key === 'endpoints') return `an endpoint of pattern ${pattern.name}`
      return key === 'response' ? `a response of pattern ${pattern.name}` : `"${key}"`
    },
    knownElsewhere(key, path) {
      const owners = patterns.filter(({ datapoint }) => keysAt(datapoint, path).includes(key)).map(({ name }) => name)
      if (owners.length === 0) return undefined
      const whose = `the pattern${owners.length > 1 ? 's' : ''} ${owners.join(', ')}`
      return `"${key}" is a key of ${whose}, and this datapoint has the pattern ${pattern.name}; leave it out or change the pattern.`
    },
  }
}

function unknownPattern(raw: object, found: unknown, patterns: readonly PatternSchema[]): Problem {
  const expected = `one of ${patterns.map(({ name }) => name).join(', ')}`
  if (!('pattern' in raw)) {
    return { code: 'missing-key', message: `A datapoint needs "pattern", ${expected}.`, path: [], expected }
  }
  const suggestion = typeof found === 'string' ? nearest(found, namesOf(patterns)) : undefined
  const hint = suggestion ? `; did you mean "${suggestion}"?` : '.'
  const message = `"pattern" must be ${expected}, found ${describeValue(found)}${hint}`
  const described = { expected, found: describeValue(found) }
  return { code: 'unknown-pattern', message, path: ['pattern'], ...described, ...(suggestion && { suggestion }) }
}
