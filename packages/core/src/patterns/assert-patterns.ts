import { builtinPatterns, type PatternSchema } from '@imnot/schema'
import { ImnotError } from '../errors.ts'
import type { CustomPattern } from './define-pattern.ts'

/** Throws `PATTERN_INVALID` where one is none, or where two patterns have one name. */
export function assertPatterns(patterns: readonly CustomPattern[]): void {
  const taken = new Map<string, PatternSchema>(builtinPatterns.flatMap((pattern) => namesOf(pattern)))
  for (const [index, pattern] of patterns.entries()) {
    if (!isPattern(pattern)) {
      throw new ImnotError(
        'PATTERN_INVALID',
        `patterns[${index}] is no pattern: it needs name, summary, datapoint, endpoint and compile; make it with definePattern.`,
      )
    }
    for (const [name] of namesOf(pattern)) {
      const other = taken.get(name)
      if (other !== undefined && other !== pattern) {
        throw new ImnotError('PATTERN_INVALID', `Two patterns have the name "${name}"; give yours another one.`)
      }
      taken.set(name, pattern)
    }
  }
}

/** By what it has: it may come from another copy of this package. */
export function isPattern(value: unknown): value is CustomPattern {
  if (typeof value !== 'object' || value === null) return false
  const { name, aliases, summary, datapoint, endpoint, compile } = value as Partial<
    Record<keyof CustomPattern, unknown>
  >
  return (
    typeof name === 'string' &&
    Array.isArray(aliases) &&
    typeof summary === 'string' &&
    isSchema(datapoint) &&
    isSchema(endpoint) &&
    typeof compile === 'function'
  )
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && '_zod' in value
}

function namesOf(pattern: PatternSchema): [string, PatternSchema][] {
  return [pattern.name, ...pattern.aliases].map((name) => [name, pattern])
}
