import { nearest } from '../nearest.ts'
import type { Problem, ValuePath } from '../problem.ts'

const loopKeys: readonly string[] = ['for_each', 'in', 'when', 'value']

/** A mapping that was meant as `for_each` or `choose`, and lacks what would make it one: it would be sent as it stands. */
export function checkMadeValue(value: object, path: ValuePath): Problem[] {
  if ('for_each' in value && typeof value.for_each === 'string') return checkLoop(value, path)
  if ('choose' in value && Array.isArray(value.choose)) return checkChoice(value.choose, [...path, 'choose'])
  return []
}

function checkLoop(value: object, path: ValuePath): Problem[] {
  const problems = Object.keys(value)
    .filter((key) => !loopKeys.includes(key))
    .map((key): Problem => {
      const suggestion = nearest(key, loopKeys)
      const hint =
        suggestion === undefined ? 'its keys are for_each, in, when and value.' : `did you mean "${suggestion}"?`
      return {
        code: 'unknown-key',
        message: `Unknown key "${key}" beside "for_each"; ${hint}`,
        path: [...path, key],
        at: 'key',
      }
    })
  if ('in' in value) return problems
  const message =
    '"for_each" needs "in", e.g. { for_each: item, in: "{{ request.body.items }}", value: "{{ item.id }}" }.'
  return [...problems, { code: 'missing-key', message, path: [...path, 'for_each'], at: 'key' }]
}

function checkChoice(entries: readonly unknown[], path: ValuePath): Problem[] {
  // A list of which no entry looks so is a member of the partner's own that is called "choose".
  if (!entries.some((entry) => has(entry, 'when') || has(entry, 'value'))) return []
  return entries.flatMap((entry, index): Problem[] => {
    if (has(entry, 'value')) return []
    const message = 'An entry of "choose" needs "value", e.g. { when: { query: { size: L } }, value: large }.'
    return [{ code: 'missing-key', message, path: [...path, index] }]
  })
}

function has(entry: unknown, key: string): boolean {
  return typeof entry === 'object' && entry !== null && key in entry
}
