/** An object with this value at the end of this way of names. */
export function nested(path: readonly string[], value: unknown): object {
  const [name = '', ...deeper] = path
  return Object.fromEntries([[name, deeper.length === 0 ? value : nested(deeper, value)]])
}

/** The object with this value at the end of this way of names, beside what it has already. */
export function withNested(object: object, path: readonly string[], value: unknown): object {
  const [name = '', ...deeper] = path
  const inner: unknown = Object.hasOwn(object, name) ? (object as Record<string, unknown>)[name] : {}
  const mapping = typeof inner === 'object' && inner !== null ? inner : {}
  return { ...object, ...nested([name], deeper.length === 0 ? value : withNested(mapping, deeper, value)) }
}
