import { describeValue } from '../describe-value.ts'
import { nearest } from '../nearest.ts'
import type { Problem, ValuePath } from '../problem.ts'
import { conditionRoots, operatorNames, requestParts } from './operator-names.ts'

/** Members are flat: what stands in them is an operator. */
const flatParts: readonly string[] = ['params', 'query', 'headers']
const operators: readonly string[] = operatorNames

/** The faults of a `when`, apart from those of the templates in it. `locals` are the loop variables around it. */
export function checkCondition(value: unknown, path: ValuePath, locals: readonly string[]): Problem[] {
  if (typeof value === 'string') return value.includes('{{') ? [] : [notACondition(value, path)]
  if (typeof value === 'boolean') return []
  if (!isMapping(value)) return [notACondition(value, path)]
  return Object.entries(value).flatMap(([key, inner]) => checkRoot(key, inner, [...path, key], locals))
}

function checkRoot(key: string, value: unknown, path: ValuePath, locals: readonly string[]): Problem[] {
  if (key === 'any' || key === 'all') {
    if (Array.isArray(value)) return value.flatMap((one, index) => checkCondition(one, [...path, index], locals))
    const message = `"${key}" must be a list of conditions, found ${describeValue(value)}.`
    return [{ code: 'bad-condition', message, path, expected: 'a list of conditions' }]
  }
  if (key === 'not') return checkCondition(value, path, locals)
  if (key === 'request' && isMapping(value)) {
    return Object.entries(value).flatMap(([part, inner]) =>
      (requestParts as readonly string[]).includes(part)
        ? checkMatch(part, inner, [...path, part])
        : [unknownRoot(part, [...path, part], requestParts)],
    )
  }
  const known = [...conditionRoots, ...locals]
  return known.includes(key) ? checkMatch(key, value, path) : [unknownRoot(key, path, known)]
}

function checkMatch(root: string, value: unknown, path: ValuePath): Problem[] {
  if (!isMapping(value)) return []
  if (!flatParts.includes(root)) return checkMembers(value, path)
  return Object.entries(value).flatMap(([name, inner]) =>
    isMapping(inner) ? checkOperators(inner, [...path, name]) : [],
  )
}

/** Members of data may be anything; operators and members in one mapping are a mistake. */
function checkMembers(value: Readonly<Record<string, unknown>>, path: ValuePath): Problem[] {
  const names = Object.keys(value)
  const used = names.filter((name) => operators.includes(name))
  if (used.length > 0) return checkOperators(value, path)
  return Object.entries(value).flatMap(([name, inner]) =>
    isMapping(inner) ? checkMembers(inner, [...path, name]) : [],
  )
}

function checkOperators(value: Readonly<Record<string, unknown>>, path: ValuePath): Problem[] {
  return Object.entries(value).flatMap(([name, operand]): Problem[] => {
    const here = [...path, name]
    if (operators.includes(name)) return checkOperand(name, operand, here)
    const suggestion = nearest(name, operators)
    const hint = suggestion ? `did you mean "${suggestion}"?` : `the operators are ${operators.join(', ')}.`
    const message = `Unknown operator "${name.slice(0, 100)}" in a condition; ${hint}`
    return [
      { code: 'unknown-operator', message, path: here, at: 'key', found: name, ...(suggestion && { suggestion }) },
    ]
  })
}

function checkOperand(name: string, value: unknown, path: ValuePath): Problem[] {
  const isTemplate = typeof value === 'string' && value.includes('{{')
  const expected = expectedOf(name, value)
  if (expected === null || isTemplate) return []
  const message = `"${name}" must be ${expected}, found ${describeValue(value)}.`
  return [{ code: 'bad-condition', message, path, expected, found: describeValue(value) }]
}

function expectedOf(name: string, value: unknown): string | null {
  if (name === 'in') return Array.isArray(value) ? null : 'a list'
  if (name === 'matches') return typeof value === 'string' ? null : 'a pattern, as text'
  if (name === 'exists') return typeof value === 'boolean' ? null : 'true or false'
  if (['gt', 'gte', 'lt', 'lte'].includes(name)) {
    return typeof value === 'number' || typeof value === 'string' ? null : 'a number, a date or text'
  }
  return null
}

function unknownRoot(name: string, path: ValuePath, known: readonly string[]): Problem {
  const suggestion = nearest(name, known)
  const hint = suggestion ? `did you mean "${suggestion}"?` : `it may ask about ${known.join(', ')}.`
  const message = `A condition cannot ask about "${name.slice(0, 100)}"; ${hint}`
  return { code: 'unknown-name', message, path, at: 'key', found: name, ...(suggestion && { suggestion }) }
}

function notACondition(value: unknown, path: ValuePath): Problem {
  const expected = 'a mapping such as { query: { status: OPEN } }, or a template'
  const message = `A condition must be ${expected}, found ${describeValue(value)}.`
  return { code: 'bad-condition', message, path, expected, found: describeValue(value) }
}

function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
