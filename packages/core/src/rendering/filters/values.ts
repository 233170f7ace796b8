import { randomInt } from 'node:crypto'
import { compilePattern } from '../../conditions/pattern.ts'
import { toText } from '../to-text.ts'
import type { Filter } from './filter.ts'

export const valueFilters = {
  /** Text as a number; nothing where it is none. */
  number(input) {
    const text = toText(input).trim()
    return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined
  },

  /** `{{ text | match: "^RES-([0-9]+)$" }}`: the first group of what the pattern finds, or all of it; or the group of a number. */
  match(input, [pattern, group]) {
    const found = compilePattern(toText(pattern)).groups(toText(input))
    if (found === null) return undefined
    return found[group === undefined ? Math.min(1, found.length - 1) : Number(group)] ?? undefined
  },

  parse_json: (input) => JSON.parse(toText(input)),
  /** With a number, indented by so many spaces. */
  json: (input, [indent]) => JSON.stringify(input ?? null, null, Math.min(10, Math.max(0, Number(indent ?? 0)))),

  /** `{{ 1 | random: 6 }}`: a whole number from the one to the other, both included. */
  random(input, [most]) {
    const low = Math.ceil(Number(input))
    const high = Math.floor(Number(most))
    return high >= low ? randomInt(low, high + 1) : undefined
  },
} satisfies Record<string, Filter>
