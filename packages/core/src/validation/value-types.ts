import type { DeclaredRule } from '@imnot/schema'
import { isMapping } from '../rendering/read-member.ts'

export type ValueType = NonNullable<DeclaredRule['type']>

interface ValueTest {
  /** As a noun phrase, for sentences. */
  readonly name: string
  /** `isTyped`: the value comes from where numbers and truth values are no text. */
  test(value: unknown, isTyped: boolean): boolean
}

/** The schema knows their names; a test keeps the two equal. */
export const valueTests: Readonly<Record<ValueType, ValueTest>> = {
  string: { name: 'text', test: (value) => typeof value === 'string' },
  number: { name: 'a number', test: (value, isTyped) => isNumber(value, isTyped) },
  integer: {
    name: 'a whole number',
    test: (value, isTyped) => isNumber(value, isTyped) && Number.isInteger(Number(value)),
  },
  boolean: {
    name: 'true or false',
    test: (value, isTyped) => typeof value === 'boolean' || (!isTyped && (value === 'true' || value === 'false')),
  },
  array: { name: 'a list', test: (value) => Array.isArray(value) },
  object: { name: 'a mapping', test: isMapping },
  date: { name: 'a date such as 2026-01-31', test: (value) => typeof value === 'string' && isDate(value) },
  datetime: {
    name: 'a date and time such as 2026-01-31T12:00:00Z',
    test: (value) => typeof value === 'string' && isDateTime(value),
  },
}

function isNumber(value: unknown, isTyped: boolean): boolean {
  if (typeof value === 'number') return Number.isFinite(value)
  return !isTyped && typeof value === 'string' && /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(value)
}

/** RFC 3339, full-date: a day that the calendar has. */
function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const day = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text)
}

function isDateTime(text: string): boolean {
  const [, date = '', rest = ''] = /^(\d{4}-\d\d-\d\d)[Tt ](.+)$/.exec(text) ?? []
  return isDate(date) && /^([01]\d|2[0-3]):[0-5]\d(:[0-5]\d|:60)?(\.\d+)?([Zz]|[+-]\d\d:?\d\d)?$/.test(rest)
}
