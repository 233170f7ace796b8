import { isEqual, type Operator, operators } from '../conditions/operators.ts'
import { library } from '../libraries.ts'
import { isMapping, readPath } from '../rendering/read-member.ts'
import type { Asked, Asking } from './asked.ts'

/** Whether an item is in the list that was asked for. */
export type ItemTest = (item: unknown) => boolean

type Filter = (asked: Asked) => ItemTest | null

/** `filter`: members of the items, and what they must be. What the request does not say does not filter. */
export function compileFilter(
  declared: Readonly<Record<string, unknown>>,
  asking: Asking,
): (asked: Asked) => readonly ItemTest[] {
  const filters = Object.entries(declared).flatMap(([member, wanted]) => compileMember(member, wanted, asking))
  return (asked) => filters.map((filter) => filter(asked)).filter((test) => test !== null)
}

function compileMember(member: string, wanted: unknown, asking: Asking): Filter[] {
  const path = member.split('.')
  if (!isMapping(wanted)) return [compileTest(path, equalsAny, asking.value(`filter.${member}`, wanted))]
  return Object.entries(wanted).map(([name, operand]) => {
    if (name === 'matches') library('re2')
    const test = name === 'in' ? isIn : (operators[name] ?? never)
    return compileTest(path, test, asking.value(`filter.${member}.${name}`, operand))
  })
}

function compileTest(path: readonly string[], test: Operator, operand: (asked: Asked) => unknown): Filter {
  return (asked) => {
    const wanted = operand(asked)
    if (wanted === undefined || (Array.isArray(wanted) && wanted.length === 0)) return null
    return (item) => {
      const found = readPath(item, path)
      try {
        return test(found === undefined ? [] : [found], wanted)
      } catch {
        // A pattern that a request names may be none.
        return false
      }
    }
  }
}

/** A parameter that was sent several times lets in each of its values. */
const equalsAny: Operator = (found, wanted) =>
  found.some((value) => isEqual(value, wanted) || (Array.isArray(wanted) && wanted.some((one) => isEqual(value, one))))

/** A query names several values in one text, with commas between them. */
const isIn: Operator = (found, wanted) => {
  const texts = [wanted].flat().flatMap((one) => (typeof one === 'string' ? one.split(',') : [one]))
  return found.some((value) => texts.some((one) => isEqual(value, typeof one === 'string' ? one.trim() : one)))
}

const never: Operator = () => false
