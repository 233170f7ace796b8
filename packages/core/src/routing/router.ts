import { type PathSegmentPart, parsePath } from '@imnot/schema'
import createRadixTree, { type HTTPMethod } from 'find-my-way'

/** Finds what a method and a path lead to, in the same time for ten routes and for ten thousand. */
export interface Router<T> {
  /** Throws where the same method and shape of path is there already. */
  add(method: string, path: string, target: T): void
  /** Null where nothing matches, or where the path's percent-encoding is broken. */
  find(method: string, pathAndQuery: string): Found<T> | null
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
  return {
    add(method, path, target) {
      const parsed = parsePath(path)
      if (!parsed.ok) throw new TypeError(`The path ${path} ${parsed.problem}`)
      const rest = restOf(parsed.segments)
      const names = parsed.parameters.filter((name) => name !== rest)
      const leaf: Leaf<T> = { target, names, rest }
      tree.on(method as HTTPMethod, toTreePath(parsed.segments), unused, leaf)
    },
    find(method, pathAndQuery) {
      const found = tree.find(method as HTTPMethod, pathAndQuery)
      if (found === null) return null
      const leaf = found.store as Leaf<T>
      return { target: leaf.target, params: namedParams(leaf, found.params) }
    },
  }
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
