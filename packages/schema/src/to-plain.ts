import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import { isExtension } from './language-mapping.ts'
import type { TextFault } from './text-fault.ts'
import { isTemplateKey, isUnquotedTemplate, mergedTemplate, templateInKey, unquotedTemplate } from './yaml-traps.ts'

const maxAliases = 100
const maxDepth = 64
const maxValues = 200_000

/** The values of a YAML tree, with every fault that no JSON value can express. */
export interface PlainTree {
  value: unknown
  faults: TextFault[]
  /** What each alias stands for. An anchor may be defined again, so that the name alone does not tell. */
  targets: ReadonlyMap<Alias, Node>
}

interface Reading {
  source: string
  faults: TextFault[]
  targets: Map<Alias, Node>
  anchors: Map<string, Node>
  open: Set<Node>
  aliases: number
  values: number
}

interface Place {
  /** Inside a body or an `x-` key, where keys are the author's own. */
  data: boolean
  depth: number
  /** Anchors met while an alias is expanded were registered before. */
  expanding: boolean
}

/** Converts with the author's `__proto__` and `constructor` as plain data, aliases and merges expanded within limits. */
export function toPlain(document: Document.Parsed, source: string): PlainTree {
  const reading: Reading = {
    source,
    faults: [],
    targets: new Map(),
    anchors: new Map(),
    open: new Set(),
    aliases: 0,
    values: 0,
  }
  const value = readNode(reading, document.contents, { data: false, depth: 0, expanding: false })
  return { value, faults: reading.faults, targets: reading.targets }
}

function readNode(reading: Reading, node: unknown, place: Place): unknown {
  reading.values += 1
  if (isAlias(node)) return readAlias(reading, node, place)
  if (!isScalar(node) && !isMap(node) && !isSeq(node)) return null
  if (node.anchor && !place.expanding) reading.anchors.set(node.anchor, node)
  if (isScalar(node)) return readScalar(reading, node)
  if (exceeded(reading, node, place)) return null
  reading.open.add(node)
  const inner = { ...place, depth: place.depth + 1 }
  const value = isMap(node) ? readMap(reading, node, inner) : node.items.map((item) => readNode(reading, item, inner))
  reading.open.delete(node)
  return value
}

function readAlias(reading: Reading, alias: Alias, place: Place): unknown {
  const target = reading.targets.get(alias) ?? reading.anchors.get(alias.source)
  reading.aliases += 1
  if (target === undefined) {
    report(
      reading,
      alias,
      'unknown-anchor',
      `The alias *${alias.source} has no anchor before it; add &${alias.source} to the value meant.`,
    )
    return null
  }
  if (reading.open.has(target)) {
    report(
      reading,
      alias,
      'circular-alias',
      `The alias *${alias.source} stands inside its own anchor; a value cannot contain itself.`,
    )
    return null
  }
  if (reading.aliases > maxAliases) {
    if (reading.faults.some(({ code }) => code === 'too-many-aliases')) return null
    report(
      reading,
      alias,
      'too-many-aliases',
      `A definition may expand at most ${maxAliases} aliases, nested ones counted each time.`,
    )
    return null
  }
  reading.targets.set(alias, target)
  return readNode(reading, target, { ...place, expanding: true })
}

function readScalar(reading: Reading, node: Scalar): unknown {
  const { value, source } = node
  if (typeof value !== 'number') return value ?? null
  if (!Number.isFinite(value)) {
    report(reading, node, 'bad-number', `JSON has no number ${source}; write it in quotes.`)
  } else if (Number.isInteger(value) && !Number.isSafeInteger(value) && isInexact(source ?? '', value)) {
    report(
      reading,
      node,
      'inexact-number',
      `The number ${source?.slice(0, 50)} would lose digits; write it in quotes, or upload it in a payload, which is kept byte for byte.`,
    )
  }
  return value
}

function readMap(reading: Reading, map: YAMLMap, place: Place): unknown {
  if (isUnquotedTemplate(map)) {
    reading.faults.push(unquotedTemplate(reading.source, map))
    return null
  }
  const entries = new Map<string, unknown>()
  const merged = new Map<string, unknown>()
  const keys = new Map<string, Pair>()
  const merges = map.items.some(isMergePair)
  for (const pair of map.items) {
    const key = readKey(reading, pair, map, merges)
    if (key === undefined) continue
    const first = keys.get(key)
    if (first && (!place.data || isMergePair(pair))) reportDuplicate(reading, key, pair, first)
    keys.set(key, first ?? pair)
    if (key === '__proto__' && !place.data) {
      report(reading, pair.key as Node, 'unknown-key', 'The key "__proto__" has no meaning here; leave it out.')
    } else if (isMergePair(pair)) merge(reading, pair, merged, place)
    else entries.set(key, readNode(reading, pair.value, { ...place, data: place.data || holdsData(key) }))
  }
  return toObject(merged, entries)
}

/** `<<` as PyYAML and every YAML 1.1 reader take it. The core schema itself would keep it as a key. */
export function isMergePair({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<'
}

/** The text of a key, or undefined where it is none. */
export function keyText(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined
  return typeof key.value === 'string' ? key.value : (key.source ?? String(key.value))
}

function readKey(reading: Reading, pair: Pair, map: YAMLMap, merges: boolean): string | undefined {
  const node = pair.key as Node | null
  const offset = node?.range?.[0] ?? map.range?.[0] ?? 0
  if (isScalar(node) && node.anchor) reading.anchors.set(node.anchor, node)
  if (isTemplateKey(pair)) {
    reading.faults.push(templateInKey(offset, merges))
    return undefined
  }
  const text = keyText(node)
  if (text === undefined) {
    reading.faults.push({ code: 'bad-key', message: 'A key must be text; write it as a word or in quotes.', offset })
  }
  return text
}

function merge(reading: Reading, { value }: Pair, merged: Map<string, unknown>, place: Place): void {
  const parts = isSeq(value) ? value.items : [value]
  for (const part of parts) {
    const offset = (part as Node | null)?.range?.[0] ?? 0
    const target = isAlias(part) ? reading.anchors.get(part.source) : part
    if (isUnquotedTemplate(target) || (isScalar(target) && String(target.value).includes('{{'))) {
      reading.faults.push(mergedTemplate(offset))
      continue
    }
    const faults = reading.faults.length
    const source = readNode(reading, part, place)
    if (typeof source === 'object' && source !== null && !Array.isArray(source)) {
      for (const [key, inherited] of Object.entries(source)) if (!merged.has(key)) merged.set(key, inherited)
    } else if (reading.faults.length === faults) {
      const message = '"<<" merges mappings, found something else; give it an alias of a mapping, or a list of them.'
      reading.faults.push({ code: 'bad-merge', message, offset })
    }
  }
}

function holdsData(key: string): boolean {
  return key === 'body' || isExtension(key)
}

// Defined, not assigned: an assignment to `__proto__` would change the prototype instead.
function toObject(merged: Map<string, unknown>, entries: Map<string, unknown>): Record<string, unknown> {
  if (merged.size === 0) return Object.fromEntries(entries)
  return Object.fromEntries([...merged, ...entries])
}

function exceeded(reading: Reading, node: Node, { depth }: Place): boolean {
  if (depth >= maxDepth) {
    report(reading, node, 'too-deep', `A definition may be nested at most ${maxDepth} levels deep; this goes deeper.`)
    return true
  }
  if (reading.values <= maxValues) return false
  if (!reading.faults.some(({ code }) => code === 'too-large')) {
    report(reading, node, 'too-large', `A definition may hold at most ${maxValues} values, with every alias expanded.`)
  }
  return true
}

function reportDuplicate(reading: Reading, key: string, pair: Pair, first: Pair): void {
  const remedy = key === '<<' ? 'merge a list instead, <<: [*one, *other]' : 'keep one'
  reading.faults.push({
    code: 'duplicate-key',
    message: `The key "${key}" stands twice in this mapping; ${remedy}.`,
    offset: (pair.key as Node).range?.[0] ?? 0,
    related: [{ offset: (first.key as Node).range?.[0] ?? 0, message: `"${key}" stands here first` }],
  })
}

function report({ faults }: Reading, node: Node, code: string, message: string): void {
  faults.push({ code, message, offset: node.range?.[0] ?? 0 })
}

function isInexact(source: string, value: number): boolean {
  const digits = source.replace(/^\+/, '')
  if (!/^(-?[0-9]+|0x[0-9a-fA-F]+|0o[0-7]+)$/.test(digits)) return false
  return BigInt(digits) !== BigInt(value)
}
