import * as z from 'zod'

// The `error` of a leaf says what was expected, as a noun phrase: `explainIssue` builds the sentence around it.

export function text(expected: string, pattern?: RegExp) {
  const schema = z.string({ error: expected })
  return pattern ? schema.regex(pattern, { error: expected }) : schema.min(1, { error: expected })
}

export function wholeNumber(expected: string, { min, max }: { min: number; max?: number }) {
  const schema = z.int({ error: expected }).min(min, { error: expected })
  return max === undefined ? schema : schema.max(max, { error: expected })
}

export function truth() {
  return z.boolean({ error: 'true or false' })
}

export function oneOf<const T extends readonly [string, ...string[]]>(values: T) {
  return z.enum(values, { error: `one of ${values.join(', ')}` })
}

const chanceRule = 'a number from 0 to 1'

/** How likely something is. */
export const chance = z.number({ error: chanceRule }).min(0, { error: chanceRule }).max(1, { error: chanceRule })
