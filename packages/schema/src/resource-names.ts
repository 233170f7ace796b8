import { recordVerbs } from './fields/effects.ts'
import { isExtension } from './language-mapping.ts'
import { nearest } from './nearest.ts'
import type { Problem, ValuePath } from './problem.ts'
import { hasTemplate, readTemplate } from './templates/read-template.ts'

/** A place where a definition names a resource. */
interface Use {
  readonly name: string
  readonly path: ValuePath
  readonly at: 'key' | 'value'
}

/** Resources that are named somewhere in this value, by effects, templates and conditions, and are none of the partner's. */
export function unknownResources(value: unknown, resources: readonly string[], path: ValuePath): Problem[] {
  return usesIn(value, path)
    .filter(({ name }) => !resources.includes(name))
    .map((use) => unknownResource(use, resources))
}

function usesIn(value: unknown, path: ValuePath): Use[] {
  if (typeof value === 'string') return usesInText(value, path)
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => usesIn(item, [...path, index]))
  return Object.entries(value).flatMap(([key, member]) => {
    if (key === 'description' || isExtension(key)) return []
    const here = [...path, key]
    const isEffect = path.at(-2) === 'effects' && (recordVerbs as readonly string[]).includes(key)
    if (isEffect && typeof member === 'string') return [{ name: member, path: here, at: 'value' as const }]
    return [...(key === 'records' && isInCondition(path) ? usesInCondition(member, here) : []), ...usesIn(member, here)]
  })
}

/** `when: { records: { rooms: … } }`, also inside `any`, `all` and `not`. */
function isInCondition(path: ValuePath): boolean {
  const inner = path.findLast((step) => typeof step === 'string' && !['any', 'all', 'not'].includes(step))
  return inner === 'when'
}

function usesInCondition(value: unknown, path: ValuePath): Use[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return []
  return Object.keys(value).map((key) => ({ name: key.split('.', 1)[0] ?? '', path: [...path, key], at: 'key' }))
}

function usesInText(text: string, path: ValuePath): Use[] {
  if (!hasTemplate(text)) return []
  const read = readTemplate(text, { tags: true })
  if (!read.ok) return []
  const names = read.template.reads
    .filter((one) => one.startsWith('records.'))
    .map((one) => one.slice('records.'.length))
  return names.map((name) => ({ name, path, at: 'value' }))
}

function unknownResource({ name, path, at }: Use, resources: readonly string[]): Problem {
  const suggestion = nearest(name, resources)
  const known = resources.length === 0 ? 'it has none' : `its resources are ${resources.join(', ')}`
  const hint = suggestion ? `did you mean "${suggestion}"?` : `${known}; a resource is a datapoint of pattern resource.`
  const message = `This partner has no resource "${name.slice(0, 100)}"; ${hint}`
  return { code: 'unknown-resource', message, path, at, found: name, ...(suggestion && { suggestion }) }
}
