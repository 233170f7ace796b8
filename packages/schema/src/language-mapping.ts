import * as z from 'zod'

/**
 * A mapping of the language: its keys are fixed, unknown ones are faults, and keys that begin with `x-` belong to the
 * author and are dropped here.
 */
export function mapping<Shape extends z.ZodRawShape>(shape: Shape, expected = 'a mapping') {
  return z.preprocess(dropExtensions, z.strictObject(shape, { error: expected }))
}

export function dropExtensions(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  if (!Object.keys(value).some(isExtension)) return value
  return Object.fromEntries(Object.entries(value).filter(([key]) => !isExtension(key)))
}

export function isExtension(key: string): boolean {
  return key.startsWith('x-')
}
