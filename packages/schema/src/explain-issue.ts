import * as z from 'zod'
import { describeValue, quotingHint, unquotingHint } from './describe-value.ts'
import { nearest } from './nearest.ts'
import type { Problem, ValuePath } from './problem.ts'
import { keysAt, schemaAt } from './schema-at.ts'

type Issue = z.core.$ZodIssue

export interface ExplainContext {
  /** What was parsed. */
  value: unknown
  schema: z.core.$ZodType
  /** How a sentence names the mapping at a path, e.g. `an endpoint`. */
  nameOf(path: ValuePath): string
  /** What a key that is unknown here would mean elsewhere in the language, as a whole sentence. */
  knownElsewhere?(key: string, path: ValuePath): string | undefined
}

/** What zod found, in sentences for the author of the definition. Paths begin at the parsed value. */
export function explainIssues(issues: readonly Issue[], context: ExplainContext): Problem[] {
  const problems = issues.flatMap((issue) => explainIssue(issue, context))
  // A mistyped key is unknown and its right name is missing: one fault.
  return problems
    .filter(
      ({ code, path }) =>
        code !== 'missing-key' ||
        !problems.some(({ suggestion, path: other }) => suggestion === path.at(-1) && samePlace(other, path)),
    )
    .map(withoutMissingKey)
}

function samePlace(one: ValuePath, other: ValuePath): boolean {
  return one.length === other.length && one.slice(0, -1).every((key, index) => key === other[index])
}

// Until here the path of a missing key names it, so that it can be compared; its place is the mapping.
function withoutMissingKey(problem: Problem): Problem {
  return problem.code === 'missing-key' && problem.at === 'key'
    ? { ...problem, path: problem.path.slice(0, -1), at: 'value' }
    : problem
}

function explainIssue(issue: Issue, context: ExplainContext): Problem[] {
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => unknownKey(key, issue.path as ValuePath, context))
    case 'custom':
      return [customProblem(issue)]
    case 'invalid_key':
      return [invalidKey(issue)]
    case 'invalid_union':
      return explainUnion(issue, context)
    default:
      return [badValue(issue, context)]
  }
}

function unknownKey(key: string, path: ValuePath, { schema, nameOf, knownElsewhere }: ExplainContext): Problem {
  const place = { code: 'unknown-key', path: [...path, key], at: 'key', found: key } as const
  const elsewhere = knownElsewhere?.(key, path)
  if (elsewhere) return { ...place, message: elsewhere }
  const keys = keysAt(schema, path)
  const suggestion = nearest(key, keys)
  const hint = suggestion
    ? `did you mean "${suggestion}"?`
    : `it may have ${keys.join(', ')}, and keys that begin with "x-".`
  const message = `Unknown key "${key.slice(0, 100)}" in ${nameOf(path)}; ${hint}`
  return { ...place, message, ...(suggestion && { suggestion }) }
}

function customProblem(issue: z.core.$ZodIssueCustom): Problem {
  const { code = 'bad-value', ...params } = (issue.params ?? {}) as Partial<Problem>
  const known = Object.fromEntries(Object.entries(params).filter(([, value]) => value !== undefined))
  return { ...known, code, message: issue.message, path: issue.path as ValuePath }
}

function invalidKey(issue: z.core.$ZodIssueInvalidKey): Problem {
  const key = String(issue.path.at(-1))
  const expected = issue.issues[0]?.message ?? 'another name'
  const message = `The name ${JSON.stringify(key.slice(0, 100))} cannot be used here; expected ${expected}.`
  return { code: 'bad-key', message, path: issue.path as ValuePath, at: 'key', expected, found: key }
}

// The branch that the author meant is the one whose type fits; its own issues tell more than "no branch fits".
function explainUnion(issue: z.core.$ZodIssueInvalidUnion, context: ExplainContext): Problem[] {
  const meant = issue.errors.find((branch) => !branch.some(isOfAnotherType))
  if (!meant || meant.length === 0) return [badValue(issue, context)]
  return meant.flatMap((inner) => explainIssue({ ...inner, path: [...issue.path, ...inner.path] } as Issue, context))
}

function isOfAnotherType(issue: Issue): boolean {
  if (issue.path.length > 0) return false
  if (issue.code === 'invalid_union') return issue.errors.every((branch) => branch.some(isOfAnotherType))
  return issue.code === 'invalid_type'
}

function badValue(issue: Issue, { value, schema, nameOf }: ExplainContext): Problem {
  const path = issue.path as ValuePath
  const key = path.at(-1)
  const found = valueAt(value, path)
  const expected = issue.message
  if (found === undefined && typeof key === 'string') {
    const mapping = nameOf(path.slice(0, -1))
    const message = `${mapping.charAt(0).toUpperCase()}${mapping.slice(1)} needs "${key}", which is ${expected}.`
    return { code: 'missing-key', message, path, at: 'key', expected }
  }
  const what = typeof key === 'number' ? `Item ${key + 1} of "${String(path.at(-2) ?? '')}"` : `"${String(key ?? '')}"`
  const suggestion = suggestionFor(issue, found)
  const hint = suggestion ? `; did you mean "${suggestion}"?` : `${typeHint(issue, found, schema)}.`
  const message = `${what} must be ${expected}, found ${describeValue(found)}${hint}`
  const described = { expected, found: describeValue(found) }
  return { code: 'bad-value', message, path, ...described, ...(suggestion && { suggestion }) }
}

function typeHint(issue: Issue, found: unknown, schema: z.core.$ZodType): string {
  if (issue.code !== 'invalid_type') return ''
  const key = String(issue.path.at(-1))
  if (issue.expected !== 'string') return unquotingHint(key, issue.expected, found)
  const wanted = schemaAt(schema, issue.path)
  // `404` is no path with quotes either.
  return wanted && z.safeParse(wanted, String(found)).success ? quotingHint(key, found) : ''
}

function suggestionFor(issue: Issue, found: unknown): string | undefined {
  if (issue.code !== 'invalid_value' || typeof found !== 'string') return undefined
  return nearest(found, issue.values.map(String))
}

function valueAt(value: unknown, path: ValuePath): unknown {
  let current = value
  for (const step of path) {
    if (typeof current !== 'object' || current === null || !Object.hasOwn(current, step)) return undefined
    current = (current as Record<string | number, unknown>)[step]
  }
  return current
}
