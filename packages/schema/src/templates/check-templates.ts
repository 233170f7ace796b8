import { checkCondition } from '../conditions/check-condition.ts'
import { namesGiven } from '../fields/effects.ts'
import { isExtension } from '../language-mapping.ts'
import { nearest } from '../nearest.ts'
import type { Problem, ValuePath } from '../problem.ts'
import { checkMadeValue } from './check-made-value.ts'
import { filterNames, signatureRoots, templateRoots } from './filter-names.ts'
import type { NamedPlace } from './read-expression.ts'
import { hasTemplate, readTemplate } from './read-template.ts'

/** Keys of an endpoint, or of a datapoint, whose text is no template. */
const plainKeys: readonly string[] = [
  'method',
  'path',
  'description',
  'inherited',
  'pagination',
  'validate',
  'auth',
  'idempotency_key',
  'records_file',
]

/** Keys of an answer whose text names something. */
const plainResponseKeys: readonly string[] = [
  'content_type',
  'body_file',
  'id_header',
  'id_body_field',
  'callback_url_field',
  'callback_url_header',
  'callback_method',
]

/**
 * The faults of every template and every condition in an endpoint, or in what has the shape of a part of one. `names` are
 * roots that it has from elsewhere.
 */
export function checkTemplates(endpoint: object, names: readonly string[] = []): Problem[] {
  const own = Object.entries(endpoint).filter(([key]) => !plainKeys.includes(key) && !isExtension(key))
  return checkMembers(Object.fromEntries(own), [], names)
}

function checkValue(
  value: unknown,
  path: ValuePath,
  locals: readonly string[],
  roots: readonly string[] = templateRoots,
): Problem[] {
  if (typeof value === 'string') return checkText(value, path, [...roots, ...locals])
  if (typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((item, index) => checkValue(item, [...path, index], locals, roots))
  if (roots === templateRoots) return checkMembers(value, path, locals)
  return Object.entries(value).flatMap(([key, member]) => checkValue(member, [...path, key], locals, roots))
}

function checkMembers(value: object, path: ValuePath, locals: readonly string[]): Problem[] {
  const loop = 'for_each' in value && typeof value.for_each === 'string' ? value.for_each : null
  const given = 'effects' in value ? namesGiven(value.effects) : []
  const inner = [...locals, ...given, ...(loop === null ? [] : [loop])]
  const made = dataKeys.some((key) => path.includes(key)) ? checkMadeValue(value, path) : []
  const members = Object.entries(value).flatMap(([key, member]) => {
    const here = [...path, key]
    const known = key === 'in' || key === 'for_each' ? locals : inner
    if (path.at(-1) === 'response' && !path.includes('body') && plainResponseKeys.includes(key)) return []
    if (isSignature(path, key)) return checkValue(member, here, [], signatureRoots)
    const condition = key === 'when' && !isData(path, value) ? checkCondition(member, here, known) : []
    return [...condition, ...checkValue(member, here, known)]
  })
  return [...made, ...members]
}

/** What a callback signs, and the headers that carry it. */
function isSignature(path: ValuePath, key: string): boolean {
  return path.at(-1) === 'sign' && path.at(-3) === 'callbacks' && (key === 'payload' || key === 'headers')
}

const dataKeys: readonly string[] = ['data', 'body', 'record', 'set', 'params']

/** Inside a body a member called `when` is the author's, unless the mapping is a loop or an entry of `choose`. */
function isData(path: ValuePath, mapping: object): boolean {
  if (!dataKeys.some((key) => path.includes(key))) return false
  return !('for_each' in mapping) && path.at(-2) !== 'choose'
}

function checkText(text: string, path: ValuePath, known: readonly string[]): Problem[] {
  if (!hasTemplate(text)) return []
  const tags = path.at(-1) === 'body'
  const read = readTemplate(text, { tags })
  if (!read.ok) {
    const ending = /[.?!]$/.test(read.problem) ? '' : '.'
    return [
      { code: 'bad-template', message: `The template ${shown(text, read.offset)} ${read.problem}${ending}`, path },
    ]
  }
  const { filters, roots } = read.template
  return [
    ...filters.filter(({ name }) => !filterNames.has(name)).map((filter) => unknownFilter(filter, path)),
    ...roots.filter(({ name }) => !known.includes(name)).map((root) => unknownRoot(root, path, known)),
  ]
}

function unknownFilter({ name }: NamedPlace, path: ValuePath): Problem {
  const suggestion = nearest(name, filterNames)
  const hint = suggestion ? `did you mean "${suggestion}"?` : `the filters are ${[...filterNames].sort().join(', ')}.`
  const message = `There is no filter "${name.slice(0, 100)}"; ${hint}`
  return { code: 'unknown-filter', message, path, found: name, ...(suggestion && { suggestion }) }
}

function unknownRoot({ name }: NamedPlace, path: ValuePath, known: readonly string[]): Problem {
  const suggestion = nearest(name, known)
  const hint = suggestion ? `did you mean "${suggestion}"?` : `a template begins with one of ${known.join(', ')}.`
  const message = `A template cannot read "${name.slice(0, 100)}"; ${hint}`
  return { code: 'unknown-name', message, path, found: name, ...(suggestion && { suggestion }) }
}

/** The template at fault, as far as it is short. */
function shown(text: string, offset: number): string {
  const start = Math.max(0, text.lastIndexOf('{{', offset), text.lastIndexOf('{%', offset))
  const piece = text.slice(start).split('\n', 1)[0] ?? ''
  return JSON.stringify(piece.length > 60 ? `${piece.slice(0, 57)}…` : piece)
}
