/** The headers of a request as templates and conditions see them: asked by name in any case. */
export interface HeaderView {
  readonly [headerView]: true
  get(name: string): string | null
  /** All of them, for those who want the whole; empty where the host cannot list them. */
  entries(): Iterable<readonly [string, string]>
}

export const headerView: unique symbol = Symbol('headers')

/**
 * A member of data, and nothing else: own members only, so that neither a prototype's members nor a function is ever read.
 * Lists know `size`, `first` and `last`, text knows `size`, as in Liquid; of a mapping these are members like any other.
 * Undefined where there is none.
 */
export function readMember(value: unknown, name: string | number): unknown {
  if (typeof value === 'string') return name === 'size' ? value.length : undefined
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return readItem(value, name)
  if (isHeaderView(value)) return value.get(String(name).toLowerCase()) ?? undefined
  return Object.hasOwn(value, name) ? asData((value as Readonly<Record<string | number, unknown>>)[name]) : undefined
}

export function readPath(value: unknown, path: readonly (string | number)[]): unknown {
  let current = value
  for (let index = 0; index < path.length && current !== undefined; index++) {
    current = readMember(current, path[index] as string | number)
  }
  return current
}

export function isHeaderView(value: unknown): value is HeaderView {
  return typeof value === 'object' && value !== null && headerView in value
}

/** Whether a template that finds this has found something. */
export function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null && value !== ''
}

/** Whether a condition that is this value holds: true, or not empty. */
export function isTruthy(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return isPresent(value) && value !== false
}

export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

const wholeNumber = /^-?\d+$/

function readItem(list: readonly unknown[], name: string | number): unknown {
  if (name === 'size') return list.length
  if (name === 'first') return asData(list[0])
  if (name === 'last') return asData(list.at(-1))
  if (typeof name === 'string' && !wholeNumber.test(name)) return undefined
  return asData(list.at(Number(name)))
}

function asData(value: unknown): unknown {
  return typeof value === 'function' ? undefined : value
}
