import { compareValues } from '../conditions/operators.ts'
import { readPath } from '../rendering/read-member.ts'
import { toText } from '../rendering/to-text.ts'
import type { Asked, Asking } from './asked.ts'

/** Negative where the first of two items comes before the second. */
type Comparison = (one: unknown, other: unknown) => number

/** How a list is ordered: turned around, or by members of its items; null leaves it as it is. */
export type ItemOrder = 'turned' | Comparison | null

type Declared = string | { readonly by: string; readonly direction: string } | undefined

/** `order`: `newest`, `oldest`, members with a "-" before those that fall, or what the request says of these. */
export function compileOrder(declared: Declared, asking: Asking): (asked: Asked) => ItemOrder {
  if (declared === undefined) return () => null
  const by = asking.value('order', typeof declared === 'string' ? declared : declared.by)
  const direction = asking.value('direction', typeof declared === 'string' ? 'asc' : declared.direction)
  return (asked) => {
    const name = by(asked)
    const falls = /^desc/i.test(toText(direction(asked) ?? 'asc'))
    if (name === undefined || name === 'oldest') return falls ? 'turned' : null
    if (name === 'newest') return falls ? null : 'turned'
    return byMembers(toText(name), falls)
  }
}

function byMembers(names: string, falls: boolean): Comparison {
  const members = names.split(',').map((name) => {
    const text = name.trim()
    const sign = text.startsWith('-') !== falls ? -1 : 1
    return { path: text.replace(/^[-+]/, '').split('.'), sign }
  })
  return (one, other) => {
    for (const { path, sign } of members) {
      const order = compareMembers(readPath(one, path), readPath(other, path), sign)
      if (order !== 0) return order
    }
    return 0
  }
}

/** What has no such member comes last, either way. */
function compareMembers(one: unknown, other: unknown, sign: number): number {
  const order = sign * compareValues(one, other)
  if (!Number.isNaN(order)) return order
  return Number(isAbsent(one)) - Number(isAbsent(other))
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || typeof value === 'object' || value === ''
}
