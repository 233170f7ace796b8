import { operatorNames } from './conditions/operator-names.ts'
import { type DeclaredPage, linkStyles } from './fields/page.ts'
import { nearest } from './nearest.ts'
import type { PatternSchema } from './patterns/pattern.ts'
import type { Problem } from './problem.ts'

/** Keys that make sense with one way of telling a place in the list only. */
const onlyWith = {
  offset: 'offset',
  number: 'number',
  first: 'number',
  cursor: 'cursor',
  before: 'cursor',
  cursors: 'cursor',
  ttl: 'cursor',
} as const satisfies Partial<Record<keyof DeclaredPage, DeclaredPage['position']>>

const positionNames = { offset: 'an offset', number: 'a page number', cursor: 'a cursor' } as const

/** Rules between the keys of a page. Paths begin at the endpoint. `isOwn`: it is declared there, and not only inherited. */
export function checkPage(page: DeclaredPage | undefined, pattern: PatternSchema, isOwn: boolean): Problem[] {
  if (page === undefined) return []
  return [...(isOwn ? checkList(page, pattern) : []), ...checkKeys(page), ...checkFilter(page)]
}

function checkList({ of }: DeclaredPage, pattern: PatternSchema): Problem[] {
  if (of === undefined) {
    if (pattern.hasList === true) return []
    const message = `"page" needs "of", the list that is paged, e.g. of: "{{ records.orders }}".`
    return [{ code: 'missing-key', message, path: ['page'] }]
  }
  if (of.includes('{{') || pattern.takesPayload) return []
  const message = `"of: ${of}" pages an uploaded payload, and a datapoint of pattern ${pattern.name} takes none; choose another pattern, such as paginated.`
  return [{ code: 'no-payload', message, path: ['page', 'of'] }]
}

function checkKeys(page: DeclaredPage): Problem[] {
  const problems: Problem[] = []
  for (const [key, position] of Object.entries(onlyWith)) {
    if (page[key as keyof typeof onlyWith] === undefined || page.position === position) continue
    const asked = linkStyles.includes(page.style) ? ` as it is declared` : ''
    const message = `"${key}" belongs to pages that are asked for by ${positionNames[position]}, and the style ${page.style}${asked} asks by ${positionNames[page.position]}; leave it out or change the style.`
    problems.push({ code: 'wrong-style', message, path: ['page', key], at: 'key' })
  }
  if (page.ttl !== undefined && page.cursors === 'id') {
    const message = '"ttl" is of signed cursors, and "cursors: id" has none; keep one.'
    problems.push({ code: 'conflicting-keys', message, path: ['page', 'ttl'], at: 'key' })
  }
  if (page.max !== undefined && page.size > page.max) {
    const message = `"size" is ${page.size}, and "max" allows ${page.max} items on a page; make "size" smaller or "max" larger.`
    problems.push({ code: 'bad-value', message, path: ['page', 'max'] })
  }
  return problems
}

/** What a member is compared with is a value, or a mapping of operators. */
function checkFilter({ filter = {} }: DeclaredPage): Problem[] {
  return Object.entries(filter).flatMap(([member, wanted]): Problem[] => {
    if (typeof wanted !== 'object' || wanted === null || Array.isArray(wanted)) return []
    const unknown = Object.keys(wanted).filter((name) => !(operatorNames as readonly string[]).includes(name))
    return unknown.map((name) => {
      const suggestion = nearest(name, operatorNames)
      const hint = suggestion ? `did you mean "${suggestion}"?` : `the operators are ${operatorNames.join(', ')}.`
      const message = `Unknown operator "${name.slice(0, 100)}" in a filter; ${hint}`
      const path = ['page', 'filter', member, name]
      return { code: 'unknown-operator', message, path, at: 'key', found: name, ...(suggestion && { suggestion }) }
    })
  })
}
