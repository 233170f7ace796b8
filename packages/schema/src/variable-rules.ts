import type { Problem, ValuePath } from './problem.ts'

/** Settings of imnot itself are no business of a definition. */
export function checkVariable(variable: string | undefined, path: ValuePath): Problem[] {
  if (variable?.toUpperCase().startsWith('IMNOT_') !== true) return []
  const message = `"${variable}" is a setting of imnot itself, whose value no definition may use; choose another name.`
  return [{ code: 'reserved-name', message, path }]
}
