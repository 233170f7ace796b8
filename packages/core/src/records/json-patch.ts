import type { JsonValue } from '../ports/storage.ts'
import { isMapping } from '../rendering/read-member.ts'

/** Why a patch cannot be applied: it is no patch, or the record is not what it expects. */
export class PatchFault extends Error {
  constructor(
    message: string,
    readonly isOfRecord: boolean,
  ) {
    super(message)
  }
}

interface Step {
  readonly op: string
  readonly path: readonly string[]
  readonly from: readonly string[] | null
  readonly value: JsonValue
}

/** RFC 6902. All operations or none: throws a `PatchFault`. Changes nothing that it is given. */
export function applyJsonPatch(target: JsonValue, patch: unknown): JsonValue {
  if (!Array.isArray(patch)) throw new PatchFault('A JSON patch is a list of operations.', false)
  return patch.map(readStep).reduce<JsonValue>((document, step) => applyStep(document, step), target)
}

function readStep(raw: unknown, index: number): Step {
  const where = `Operation ${index + 1} of the patch`
  if (!isMapping(raw)) throw new PatchFault(`${where} is no object.`, false)
  const { op, path, from } = raw
  if (typeof op !== 'string' || !Object.hasOwn(operations, op)) {
    throw new PatchFault(`${where} has no "op" of ${Object.keys(operations).join(', ')}.`, false)
  }
  if (['add', 'replace', 'test'].includes(op) && !('value' in raw)) {
    throw new PatchFault(`${where} needs a "value".`, false)
  }
  const source = op === 'move' || op === 'copy' ? readPointer(from, `"from" of ${where.toLowerCase()}`) : null
  return {
    op,
    path: readPointer(path, `"path" of ${where.toLowerCase()}`),
    from: source,
    value: raw.value as JsonValue,
  }
}

/** RFC 6901. */
function readPointer(pointer: unknown, where: string): string[] {
  if (pointer === '') return []
  if (typeof pointer !== 'string' || !pointer.startsWith('/')) {
    throw new PatchFault(`The ${where} is no JSON pointer such as /status.`, false)
  }
  return pointer
    .slice(1)
    .split('/')
    .map((name) => name.replaceAll('~1', '/').replaceAll('~0', '~'))
}

type Apply = (document: JsonValue, step: Step) => JsonValue

const operations: Readonly<Record<string, Apply>> = {
  add: (document, { path, value }) => change(document, path, (parent, name) => insert(parent, name, value), value),
  remove: (document, { path }) => change(document, path, remove, null),
  replace(document, { path, value }) {
    valueAt(document, path)
    return change(document, path, (parent, name) => replace(parent, name, value), value)
  },
  move(document, { path, from }) {
    const source = from ?? []
    const value = valueAt(document, source)
    if (source.length < path.length && source.every((name, index) => name === path[index])) {
      throw new PatchFault('A patch cannot move a value into itself.', false)
    }
    const without = change(document, source, remove, null)
    return change(without, path, (parent, name) => insert(parent, name, value), value)
  },
  copy(document, { path, from }) {
    const value = valueAt(document, from ?? [])
    return change(document, path, (parent, name) => insert(parent, name, value), value)
  },
  test(document, { path, value }) {
    const found = valueAt(document, path)
    if (isEqual(found, value)) return document
    throw new PatchFault(
      `The patch expects ${JSON.stringify(value)} at ${shown(path)}, which is ${JSON.stringify(found)}.`,
      true,
    )
  },
}

function applyStep(document: JsonValue, step: Step): JsonValue {
  return (operations[step.op] as Apply)(document, step)
}

type Parent = readonly JsonValue[] | { readonly [name: string]: JsonValue }

/** The document with the container at the path's end changed; `root` is the document where the path names the whole. */
function change(
  document: JsonValue,
  path: readonly string[],
  act: (parent: Parent, name: string) => JsonValue,
  root: JsonValue,
  walked: readonly string[] = [],
): JsonValue {
  const [name, ...rest] = path
  if (name === undefined) return root
  if (typeof document !== 'object' || document === null) throw missing([...walked, name])
  if (rest.length === 0) return act(document as Parent, name)
  const inner = change(memberAt(document as Parent, name, [...walked, name]), rest, act, root, [...walked, name])
  return replace(document as Parent, name, inner)
}

function insert(parent: Parent, name: string, value: JsonValue): JsonValue {
  if (!isList(parent)) return replace(parent, name, value)
  const index = name === '-' ? parent.length : indexIn(parent, name, parent.length)
  return [...parent.slice(0, index), value, ...parent.slice(index)]
}

function replace(parent: Parent, name: string, value: JsonValue): JsonValue {
  if (!isList(parent)) return Object.fromEntries([...Object.entries(parent), [name, value]])
  const index = indexIn(parent, name, parent.length - 1)
  return parent.map((item, at) => (at === index ? value : item))
}

function remove(parent: Parent, name: string): JsonValue {
  memberAt(parent, name, [name])
  if (!isList(parent)) return Object.fromEntries(Object.entries(parent).filter(([other]) => other !== name))
  const index = indexIn(parent, name, parent.length - 1)
  return parent.filter((_item, at) => at !== index)
}

function valueAt(document: JsonValue, path: readonly string[]): JsonValue {
  return path.reduce<JsonValue>((value, name, index) => {
    const walked = path.slice(0, index + 1)
    if (typeof value !== 'object' || value === null) throw missing(walked)
    return memberAt(value as Parent, name, walked)
  }, document)
}

function memberAt(parent: Parent, name: string, walked: readonly string[]): JsonValue {
  if (isList(parent)) return parent[indexIn(parent, name, parent.length - 1)] as JsonValue
  if (!Object.hasOwn(parent, name)) throw missing(walked)
  return parent[name] as JsonValue
}

function indexIn(list: readonly JsonValue[], name: string, last: number): number {
  if (/^(0|[1-9]\d*)$/.test(name) && Number(name) <= last) return Number(name)
  throw new PatchFault(`The patch names item "${name}" of a list of ${list.length}.`, true)
}

function isList(value: Parent): value is readonly JsonValue[] {
  return Array.isArray(value)
}

/** As JSON compares: the order of members does not count. */
function isEqual(one: unknown, other: unknown): boolean {
  if (Array.isArray(one)) {
    return (
      Array.isArray(other) && one.length === other.length && one.every((item, index) => isEqual(item, other[index]))
    )
  }
  if (!isMapping(one)) return one === other
  if (!isMapping(other)) return false
  const names = Object.keys(one)
  return (
    names.length === Object.keys(other).length &&
    names.every((name) => Object.hasOwn(other, name) && isEqual(one[name], other[name]))
  )
}

function missing(path: readonly string[]): PatchFault {
  return new PatchFault(`The patch names ${shown(path)}, which the record does not have.`, true)
}

function shown(path: readonly string[]): string {
  return `/${path.join('/')}`
}
