import { isMapping, isTruthy, readMember, readPath } from '../read-member.ts'
import { toText } from '../to-text.ts'
import type { Filter } from './filter.ts'

export const collectionFilters = {
  /** `{{ items | where: "status", "OPEN" }}`: the items whose member is that, or without a value those that have it. */
  where(input, [path, ...wanted]) {
    const names = toText(path).split('.')
    return toList(input).filter((item) => {
      const found = readPath(item, names)
      return wanted.length === 0 ? isTruthy(found) : toText(found) === toText(wanted[0])
    })
  },

  /** `{{ items | chunk: 2 }}`: a list of lists of at most so many items. */
  chunk(input, [size]) {
    const length = Math.floor(Number(size))
    if (!(length >= 1)) return undefined
    const list = toList(input)
    return Array.from({ length: Math.ceil(list.length / length) }, (_, index) =>
      list.slice(index * length, (index + 1) * length),
    )
  },

  /** Liquid's own writes a mapping in a list as `[object Object]`. */
  join: (input, [glue = ' ']) => toList(input).map(toText).join(toText(glue)),

  /** A mapping as a list of `{key, value}`, in its order. */
  pairs: (input) => (isMapping(input) ? Object.entries(input).map(([key, value]) => ({ key, value })) : undefined),

  /** A mapping with the keys of every level in the order of their characters. */
  sort_keys: (input) => sortKeys(input),

  /** A mapping whose names are dotted, `{"a.b": 1}`, as one with mappings in it, `{"a": {"b": 1}}`. */
  nest(input, [separator = '.']) {
    if (!isMapping(input)) return undefined
    const nested = emptyMapping()
    for (const [name, value] of Object.entries(input)) put(nested, name.split(toText(separator) || '.'), value)
    return nested
  },
} satisfies Record<string, Filter>

function toList(input: unknown): readonly unknown[] {
  if (Array.isArray(input)) return input
  return input === undefined || input === null ? [] : [input]
}

function sortKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortKeys)
  if (!isMapping(value)) return value
  const names = Object.keys(value).sort()
  return Object.fromEntries(names.map((name) => [name, sortKeys(value[name])]))
}

// Without a prototype, so that a name such as `__proto__` is a member like any other.
function emptyMapping(): Record<string, unknown> {
  return Object.create(null)
}

function put(mapping: Record<string, unknown>, [name = '', ...rest]: readonly string[], value: unknown): void {
  if (rest.length === 0) {
    mapping[name] = value
    return
  }
  const inner = readMember(mapping, name)
  const next = isMapping(inner) ? (inner as Record<string, unknown>) : emptyMapping()
  mapping[name] = next
  put(next, rest, value)
}
