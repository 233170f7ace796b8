/** A copy of the object with the value at a dotted path; objects on the way are made where they are missing. */
export function withValueAt(object: unknown, path: string, value: unknown): Record<string, unknown> {
  const [name = '', ...rest] = path.split('.')
  const members = isObject(object) ? object : {}
  const inner =
    rest.length === 0 ? value : withValueAt(Object.hasOwn(members, name) ? members[name] : {}, rest.join('.'), value)
  return Object.defineProperty({ ...members }, name, {
    value: inner,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
