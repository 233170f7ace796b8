import { isMapping } from '../rendering/read-member.ts'
import type { RecordContent } from './resource.ts'

/** Mappings merge, at any depth; everything else takes the place of what was there, null too. Changes neither. */
export function mergeDeep(target: RecordContent, changes: RecordContent): RecordContent {
  const merged = Object.entries(changes).map(([name, value]) => {
    const old = Object.hasOwn(target, name) ? target[name] : undefined
    return [name, isContent(old) && isContent(value) ? mergeDeep(old, value) : value] as const
  })
  // Entries, so that a member called `__proto__` is a member.
  return Object.fromEntries([...Object.entries(target), ...merged])
}

/** What a template made, as JSON holds it; nothing where it is no mapping. */
export function toContent(value: unknown): RecordContent {
  return isMapping(value) ? (JSON.parse(JSON.stringify(value)) as RecordContent) : {}
}

export function isContent(value: unknown): value is RecordContent {
  return isMapping(value)
}
