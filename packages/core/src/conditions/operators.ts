import { isMapping } from '../rendering/read-member.ts'
import { toText } from '../rendering/to-text.ts'
import { compilePattern } from './pattern.ts'

/** Whether what was found fits what is declared. `found` has one entry for each thing that the selector found. */
export type Operator = (found: readonly unknown[], declared: unknown) => boolean

/** The schema knows their names; a test keeps the two equal. */
export const operators: Readonly<Record<string, Operator>> = {
  equals: (found, declared) => found.some((value) => isEqual(value, declared)),
  in: (found, declared) =>
    Array.isArray(declared) && declared.some((one) => found.some((value) => isEqual(value, one))),
  contains: (found, declared) => found.some((value) => contains(value, declared)),
  matches: (found, declared) =>
    found.some((value) => isScalar(value) && compilePattern(toText(declared)).test(toText(value))),
  exists: (found, declared) => found.some((value) => value !== undefined && value !== null) === (declared !== false),
  gt: (found, declared) => found.some((value) => compareValues(value, declared) > 0),
  gte: (found, declared) => found.some((value) => compareValues(value, declared) >= 0),
  lt: (found, declared) => found.some((value) => compareValues(value, declared) < 0),
  lte: (found, declared) => found.some((value) => compareValues(value, declared) <= 0),
}

/** Text that reads as a number or a truth value equals it: forms, queries and headers know nothing but text. */
export function isEqual(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (typeof one === 'string' || typeof other === 'string')
    return isScalar(one) && isScalar(other) && String(one) === String(other)
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((item, index) => isEqual(item, other[index]))
  }
  if (!isMapping(one) || !isMapping(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  )
}

function contains(value: unknown, declared: unknown): boolean {
  if (typeof value === 'string') return value.includes(toText(declared))
  if (Array.isArray(value)) return value.some((item) => isEqual(item, declared))
  return isMapping(value) && Object.hasOwn(value, toText(declared))
}

/** As numbers where both are, as moments where both are, else by their characters; NaN, which is in no order, for what cannot be compared. */
export function compareValues(value: unknown, declared: unknown): number {
  if (!isScalar(value) || !isScalar(declared) || toText(value) === '' || toText(declared) === '') return Number.NaN
  const [one, other] = [Number(value), Number(declared)]
  if (!Number.isNaN(one) && !Number.isNaN(other)) return one - other
  const moments = [String(value), String(declared)].map((text) =>
    /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : Number.NaN,
  )
  const [earlier = Number.NaN, later = Number.NaN] = moments
  if (!Number.isNaN(earlier) && !Number.isNaN(later)) return earlier - later
  return String(value) < String(declared) ? -1 : Number(String(value) !== String(declared))
}

function isScalar(value: unknown): value is string | number | boolean {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
}
