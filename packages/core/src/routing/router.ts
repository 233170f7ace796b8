import { type PathSegmentPart, parsePath } from '@imnot/schema'
import createRadixTree, { type HTTPMethod } from 'find-my-way'

/** Finds what a method and a path lead to, in the same time for ten routes and for ten thousand. */
export interface Router<T> {
  /** What is added later at the same method and shape of path stands behind what is there. */
  add(method: string, path: string, target: T): void
  /** Null where nothing matches, or where the path's percent-encoding is broken. */
  find(method: string, pathAndQuery: string): Found<T> | null
  /** As `find`, with all that stands there, in the order in which it was added; empty for nothing. */
  findAll(method: string, pathAndQuery: string): readonly Found<T>[]
}

export interface Found<T> {
  readonly target: T
  /** Values by the names that the path gives its parameters. */
  readonly params: Readonly<Record<string, string>>
}

interface Leaf<T> {
  readonly target: T
  /** The path's own names; the tree itself knows parameters by their position, since routes of one shape must agree. */
  readonly names: readonly string[]
  readonly rest: string | null
}

export function createRouter<T>(): Router<T> {
  const tree = createRadixTree({
    ignoreTrailingSlash: true,
    maxParamLength: 65_536,
    querystringParser: () => ({}),
  })
  const leavesOf = new Map<string, Leaf<T>[]>()

  function lookUp(method: string, pathAndQuery: string) {
    const found = tree.find(method as HTTPMethod, pathAndQuery)
    return found === null ? null : { leaves: found.store as readonly Leaf<T>[], values: found.params }
  }

  return {
    add(method, path, target) {
      const parsed = parsePath(path)
      if (!parsed.ok) throw new TypeError(`The path ${path} ${parsed.problem}`)
      const rest = restOf(parsed.segments)
      const names = parsed.parameters.filter((name) => name !== rest)
      const leaf: Leaf<T> = { target, names, rest }
      const place = toTreePath(parsed.segments)
      const there = leavesOf.get(`${method} ${place}`)
      if (there !== undefined) {
        there.push(leaf)
        return
      }
      const leaves = [leaf]
      leavesOf.set(`${method} ${place}`, leaves)
      tree.on(method as HTTPMethod, place, unused, leaves)
    },
    find(method, pathAndQuery) {
      const found = lookUp(method, pathAndQuery)
      const leaf = found?.leaves[0]
      return found === null || leaf === undefined ? null : foundAt(leaf, found.values)
    },
    findAll(method, pathAndQuery) {
      const found = lookUp(method, pathAndQuery)
      return found === null ? [] : found.leaves.map((leaf) => foundAt(leaf, found.values))
    },
  }
}

function foundAt<T>(leaf: Leaf<T>, values: Readonly<Record<string, string | undefined>>): Found<T> {
  return { target: leaf.target, params: namedParams(leaf, values) }
}

const noParams: Readonly<Record<string, string>> = Object.freeze(Object.create(null))

function namedParams<T>(leaf: Leaf<T>, values: Readonly<Record<string, string | undefined>>): Record<string, string> {
  if (leaf.names.length === 0 && leaf.rest === null) return noParams
  const params: Record<string, string> = Object.create(null)
  leaf.names.forEach((name, index) => {
    params[name] = values[`p${index}`] ?? ''
  })
  if (leaf.rest !== null) params[leaf.rest] = values['*'] ?? ''
  return params
}

function restOf(segments: readonly (readonly PathSegmentPart[])[]): string | null {
  const last = segments.at(-1)?.[0]
  return last !== undefined && 'rest' in last ? last.rest : null
}

/** In the tree's own language `:name` is a parameter, `::` a colon, and a parameter with neighbours needs a pattern. */
function toTreePath(segments: readonly (readonly PathSegmentPart[])[]): string {
  let position = 0
  const texts = segments.map((parts) =>
    parts
      .map((part) => {
        if ('literal' in part) return part.literal.replaceAll(':', '::')
        if ('rest' in part) return '*'
        return parts.length === 1 ? `:p${position++}` : `:p${position++}(^[\\s\\S]+?)`
      })
      .join(''),
  )
  return `/${texts.join('/')}`
}

/** The tree wants a function for each route; what it leads to is in the leaf. */
function unused(): void {}
