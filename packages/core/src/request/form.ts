const deepest = 32

/**
 * Named values as nested data: `guest[name]=Ada` is `{guest: {name: "Ada"}}`, `tags[]=a` and names sent several times are
 * lists, and so are the numbered `items[0][sku]=1`.
 */
export function nestFields(fields: readonly (readonly [name: string, value: unknown])[]): Record<string, unknown> {
  const root = emptyNode()
  for (const [name, value] of fields) put(root, namesOf(name), value)
  return finish(root) as Record<string, unknown>
}

type Node = Map<string, unknown>

function emptyNode(): Node {
  return new Map()
}

/** `a[b][]` as `a`, `b` and the empty name. What is bracketed in no such way is one name. */
function namesOf(name: string): string[] {
  const open = name.indexOf('[')
  if (open <= 0 || !/^(\[[^[\]]*\])+$/.test(name.slice(open))) return [name]
  const names = [name.slice(0, open), ...name.slice(open + 1, -1).split('][')]
  return names.length > deepest ? [name] : names
}

function put(node: Node, names: readonly string[], value: unknown): void {
  let current = node
  for (const [index, name] of names.entries()) {
    const key = name === '' ? nextIndex(current) : name
    if (index === names.length - 1) {
      add(current, key, value)
      return
    }
    const inner = current.get(key)
    const next = inner instanceof Map ? (inner as Node) : emptyNode()
    current.set(key, next)
    current = next
  }
}

function add(node: Node, key: string, value: unknown): void {
  const earlier = node.get(key)
  if (earlier === undefined) node.set(key, value)
  else if (Array.isArray(earlier)) earlier.push(value)
  else node.set(key, [earlier, value])
}

function nextIndex(node: Node): string {
  return String(node.size)
}

function finish(value: unknown): unknown {
  if (!(value instanceof Map)) return value
  const names = [...value.keys()]
  if (names.length > 0 && names.every((name, index) => name === String(index))) return [...value.values()].map(finish)
  const mapping: Record<string, unknown> = Object.create(null)
  for (const [name, inner] of value) mapping[name] = finish(inner)
  return mapping
}
