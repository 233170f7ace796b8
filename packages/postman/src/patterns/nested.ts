/** An object with this value at the end of this way of names. */
export function nested(path: readonly string[], value: unknown): object {
  const [name = '', ...deeper] = path
  return Object.fromEntries([[name, deeper.length === 0 ? value : nested(deeper, value)]])
}
