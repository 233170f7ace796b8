import { createHash } from 'node:crypto'
import { keys } from '../keys.ts'
import { isPresent, readPath } from '../rendering/read-member.ts'
import type { RecordState } from './record-state.ts'
import type { Resource } from './resource.ts'

/** A value that no other record of the resource may have, and the key under which its holder is noted. */
export interface UniqueValue {
  readonly field: string
  readonly value: unknown
  readonly key: string
}

type Kept = Pick<RecordState, 'resource' | 'params' | 'content'>

/** The values that this record must have alone; a member that is absent, null or empty is none. */
export function uniqueValues({ resource, params, content }: Kept, scope: string): UniqueValue[] {
  return resource.unique.flatMap((field) => {
    const value = readPath(content, field.split('.'))
    if (!isPresent(value)) return []
    // What was sent stands in no key as it is.
    const digest = createHash('sha256').update(JSON.stringify(value)).digest('base64url')
    const names = [...paramValues(resource, params), field, digest]
    return [{ field, value, key: keys.unique(scope, resource.partner, resource.name, names) }]
  })
}

export function paramValues(
  { scopeNames }: Pick<Resource, 'scopeNames'>,
  params: Readonly<Record<string, string>>,
): string[] {
  return scopeNames.map((name) => params[name] ?? '')
}
