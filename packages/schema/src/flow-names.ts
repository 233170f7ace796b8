import { isExtension } from './language-mapping.ts'
import { nearest } from './nearest.ts'
import type { Problem, ValuePath } from './problem.ts'
import { hasTemplate, readTemplate } from './templates/read-template.ts'

/** What every flow shows, whatever is kept of it. */
export const reservedFlowNames: readonly string[] = ['id', 'state', 'step', 'polls', 'created_at', 'attempts']

/** Keys whose text is no template. */
const plainKeys: readonly string[] = ['path', 'description', 'name', 'body_from']

/** Templates and conditions that read a member of `flow` which nothing puts there. Paths begin at `value`. */
export function checkFlowNames(value: unknown, names: readonly string[]): Problem[] {
  const known = new Set([...reservedFlowNames, ...names])
  return check(value, [], known)
}

function check(value: unknown, path: ValuePath, known: ReadonlySet<string>): Problem[] {
  if (typeof value === 'string') return checkText(value, path, known)
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => check(item, [...path, index], known))
  return Object.entries(value).flatMap(([key, member]) => {
    if (plainKeys.includes(key) || isExtension(key)) return []
    const here = [...path, key]
    const asked = path.includes('when') && key === 'flow' ? checkAsked(member, here, known) : []
    return [...asked, ...check(member, here, known)]
  })
}

function checkText(text: string, path: ValuePath, known: ReadonlySet<string>): Problem[] {
  if (!hasTemplate(text)) return []
  const read = readTemplate(text, { tags: path.at(-1) === 'body' })
  if (!read.ok) return []
  return read.template.reads
    .filter((name) => name.startsWith('flow.'))
    .map((name) => name.slice('flow.'.length))
    .filter((name) => !known.has(name))
    .map((name) => unknownName(name, path, known))
}

/** `flow: { size: XXL }` of a condition. */
function checkAsked(asked: unknown, path: ValuePath, known: ReadonlySet<string>): Problem[] {
  if (typeof asked !== 'object' || asked === null || Array.isArray(asked)) return []
  return Object.keys(asked)
    .filter((key) => !key.startsWith('$') && !known.has(key.split('.', 1)[0] ?? ''))
    .map((key) => ({ ...unknownName(key, [...path, key], known), at: 'key' as const }))
}

function unknownName(name: string, path: ValuePath, known: ReadonlySet<string>): Problem {
  const suggestion = nearest(name, known)
  const hint = suggestion
    ? `did you mean "flow.${suggestion}"?`
    : `it has ${[...known].join(', ')}; "capture" keeps more.`
  const message = `A flow of this datapoint has no "${name.slice(0, 100)}"; ${hint}`
  return { code: 'unknown-name', message, path, found: name, ...(suggestion && { suggestion }) }
}
