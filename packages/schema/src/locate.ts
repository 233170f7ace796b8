import { type Alias, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml'
import type { ValuePath } from './problem.ts'
import { isMergePair, keyText } from './to-plain.ts'

type Targets = ReadonlyMap<Alias, Node>

/**
 * The offset of the value (or key) at a path, or of the nearest value around it: for a key that is missing, the mapping
 * that should have it. A value that is written nowhere, as in `path:`, is where its key is.
 */
export function offsetOf(
  document: Document.Parsed,
  targets: Targets,
  path: ValuePath,
  at: 'key' | 'value' = 'value',
): number {
  let node: unknown = document.contents
  let offset = startOf(node) ?? 0
  for (const [index, step] of path.entries()) {
    const container = resolve(node, targets)
    const last = index === path.length - 1
    if (isMap(container)) {
      const pair = findPair(container, String(step), targets)
      if (!pair) return offset
      node = pair.value
      const keyOffset = startOf(pair.key) ?? offset
      offset = (last && at === 'key') || isUnwritten(node) ? keyOffset : (startOf(node) ?? keyOffset)
    } else if (isSeq(container) && typeof step === 'number' && step < container.items.length) {
      node = container.items[step]
      offset = startOf(node) ?? offset
    } else {
      return offset
    }
  }
  return offset
}

function findPair(map: YAMLMap, key: string, targets: Targets): Pair | undefined {
  const own = map.items.findLast((pair) => keyText(pair.key) === key && !isMergePair(pair))
  if (own) return own
  for (const pair of map.items.filter(isMergePair)) {
    const value = resolve(pair.value, targets)
    for (const part of isSeq(value) ? value.items : [value]) {
      const source = resolve(part, targets)
      const found = isMap(source) ? findPair(source, key, targets) : undefined
      if (found) return found
    }
  }
  return undefined
}

function resolve(node: unknown, targets: Targets): unknown {
  return isAlias(node) ? targets.get(node) : node
}

function startOf(node: unknown): number | undefined {
  return (node as Node | null | undefined)?.range?.[0]
}

function isUnwritten(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1])
}
