import type { Problem, ValuePath } from './problem.ts'

const maxDepth = 64
const maxValues = 200_000

interface Copying {
  problems: Problem[]
  /** The containers around the current value. */
  open: Set<object>
  values: number
}

/** Copies a value as JSON would hold it, and reports what JSON cannot hold. */
export function copyPlain(value: unknown): { value: unknown; problems: Problem[] } {
  const copying: Copying = { problems: [], open: new Set(), values: 0 }
  return { value: copy(copying, value, []), problems: copying.problems }
}

function copy(copying: Copying, value: unknown, path: ValuePath): unknown {
  copying.values += 1
  if (value === null || value === undefined || typeof value === 'string' || typeof value === 'boolean') return value
  if (typeof value === 'number' && Number.isFinite(value)) return value
  if (Array.isArray(value) || isPlainObject(value)) return copyContainer(copying, value, path)
  const found =
    typeof value === 'object'
      ? `an instance of ${value.constructor?.name ?? 'a class'}`
      : `the ${typeof value} ${String(value)}`
  const message = `A definition holds only what JSON can hold, found ${found.slice(0, 100)}.`
  return refuse(copying, { code: 'not-json', message, path, found })
}

function copyContainer(copying: Copying, value: unknown[] | Record<string, unknown>, path: ValuePath): unknown {
  if (copying.open.has(value)) {
    return refuse(copying, { code: 'circular', message: 'This value contains itself; a definition cannot.', path })
  }
  if (path.length >= maxDepth) {
    const message = `A definition may be nested at most ${maxDepth} levels deep; this goes deeper.`
    return refuse(copying, { code: 'too-deep', message, path: path.slice(0, 8) })
  }
  if (copying.values > maxValues) {
    if (copying.problems.some(({ code }) => code === 'too-large')) return null
    return refuse(copying, { code: 'too-large', message: `A definition may hold at most ${maxValues} values.`, path })
  }
  copying.open.add(value)
  const copied = Array.isArray(value)
    ? value.map((item, index) => copy(copying, item, [...path, index]))
    : Object.fromEntries(
        Object.entries(value)
          .filter(([, member]) => member !== undefined)
          .map(([key, member]) => [key, copy(copying, member, [...path, key])]),
      )
  copying.open.delete(value)
  return copied
}

function refuse({ problems }: Copying, problem: Problem): null {
  problems.push(problem)
  return null
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype
}
