import type { DeclaredRule } from '@imnot/schema'
import { isEqual } from '../conditions/operators.ts'
import { checkPattern, compilePattern } from '../conditions/pattern.ts'
import { compileSelector } from '../conditions/selector.ts'
import type { Exchange } from '../handling/exchange.ts'
import { isJsonType } from '../http/media-type.ts'
import { toText } from '../rendering/to-text.ts'
import { shown } from './shown.ts'
import { valueTests } from './value-types.ts'
import type { Violation } from './violation.ts'

type Part = 'params' | 'query' | 'headers' | 'body'

/** The rules for the members of one part of the request. */
export function compileFieldRules(
  part: Part,
  rules: Readonly<Record<string, DeclaredRule>>,
): (exchange: Exchange) => Violation[] {
  const compiled = Object.entries(rules).map(([field, rule]) => ({
    field,
    select: compileSelector(field),
    required: rule.required,
    test: compileRule(rule),
  }))
  return ({ view }) => {
    // Text that reads as a number is one, except in JSON, which has numbers of its own.
    const isTyped = part === 'body' && isJsonType(view.headers.get('content-type'))
    return compiled.flatMap(({ field, select, required, test }) => {
      const found = [...select(view[part], view)].flatMap((value) => (part === 'query' ? value : [value]))
      const present = found.filter((value) => value !== undefined && value !== null)
      if (present.length === 0) return required ? [{ place: part, field, problem: 'is required' }] : []
      for (const value of present) {
        const problem = test(value, isTyped)
        if (problem !== null) return [{ place: part, field, problem: `${problem}, found ${shown(value)}` }]
      }
      return []
    })
  }
}

/** What a value must be and is not, as the end of a sentence; null where it is. */
type Test = (value: unknown, isTyped: boolean) => string | null

function compileRule({ type, allowed, pattern, min, max }: DeclaredRule): Test {
  if (pattern !== undefined) checkPattern(pattern)
  return (value, isTyped) => {
    if (type !== undefined) {
      const { test, name } = valueTests[type]
      if (!test(value, isTyped)) return `must be ${name}`
    }
    if (allowed !== undefined && !allowed.some((one) => isEqual(value, one)))
      return `must be ${allowed.length === 1 ? '' : 'one of '}${allowed.map(shown).join(', ')}`
    if (pattern !== undefined && !compilePattern(pattern).test(toText(value))) return `must match ${pattern}`
    return outOf(value, { min, max, isNumber: type === 'number' || type === 'integer' })
  }
}

interface Bounds {
  readonly min: number | undefined
  readonly max: number | undefined
  readonly isNumber: boolean
}

function outOf(value: unknown, { min, max, isNumber }: Bounds): string | null {
  if (min === undefined && max === undefined) return null
  const [size, unit] = sizeOf(value, isNumber)
  const have = unit === '' ? 'be' : 'have'
  const counted = (bound: number) => `${bound}${unit}${unit === '' || bound === 1 ? '' : 's'}`
  if (min !== undefined && !(size >= min)) return `must ${have} at least ${counted(min)}`
  return max !== undefined && !(size <= max) ? `must ${have} at most ${counted(max)}` : null
}

/** A number's own, of text its characters, of a list its items. */
function sizeOf(value: unknown, isNumber: boolean): [size: number, unit: string] {
  if (typeof value === 'number' || isNumber) return [Number(value), '']
  if (typeof value === 'string') return [[...value].length, ' character']
  return Array.isArray(value) ? [value.length, ' item'] : [Number.NaN, '']
}
