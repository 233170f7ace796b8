import type { JsonValue } from '../ports/storage.ts'
import { isContent } from './merge-deep.ts'
import type { RecordContent } from './resource.ts'

/** RFC 7396: members are replaced, mappings merge, null removes. */
export function applyMergePatch(target: JsonValue | undefined, patch: JsonValue): JsonValue {
  if (!isContent(patch)) return patch
  const merged = new Map<string, JsonValue>(Object.entries(isContent(target) ? target : {}))
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name)
    else merged.set(name, applyMergePatch(merged.get(name), value as JsonValue))
  }
  return Object.fromEntries(merged) satisfies RecordContent
}
