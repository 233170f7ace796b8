import { type DeclaredEffect, recordVerbs } from './fields/effects.ts'
import type { Problem, ValuePath } from './problem.ts'

const verbs = ['set', ...recordVerbs] as const
const recordKeys = ['params', 'id', 'record', 'as'] as const

/** What `set` and `enter` change; null where the datapoint keeps neither flows nor records. */
export type EffectSubject = 'flow' | 'record' | null

/** Rules between the keys of effects, wherever they are declared; `path` leads to their list. */
export function checkEffects(
  effects: readonly DeclaredEffect[] = [],
  subject: EffectSubject,
  path: ValuePath = ['effects'],
): Problem[] {
  return effects.flatMap((effect, index) => [
    ...checkLoop(effect, [...path, index]),
    ...checkVerb(effect, [...path, index]),
    ...checkSubject(effect, subject, [...path, index]),
    ...checkRecordKeys(effect, [...path, index]),
  ])
}

function checkLoop({ for_each: name, in: list }: DeclaredEffect, path: ValuePath): Problem[] {
  if ((name === undefined) === (list === undefined)) return []
  const [has, lacks] = name === undefined ? ['in', 'for_each'] : ['for_each', 'in']
  const message = `"${has}" needs "${lacks}", e.g. { for_each: room, in: "{{ records.rooms }}", update: rooms, id: "{{ room.id }}" }.`
  return [{ code: 'missing-key', message, path: [...path, has], at: 'key' }]
}

function checkVerb(effect: DeclaredEffect, path: ValuePath): Problem[] {
  const [first, second] = verbs.filter((verb) => effect[verb] !== undefined)
  if (first === undefined && effect.enter === undefined) {
    const message = 'An effect needs one of "set", "create", "update", "delete" and "enter", which say what it does.'
    return [{ code: 'missing-key', message, path }]
  }
  if (second !== undefined) {
    const message = `"${first}" and "${second}" are two effects; write two entries of the list.`
    return [{ code: 'conflicting-keys', message, path: [...path, second], at: 'key' }]
  }
  if (first !== undefined && first !== 'set' && effect.enter !== undefined) {
    const message = `"enter" is for the flow or the record of the request, and "${first}" for another one; write two entries of the list.`
    return [{ code: 'conflicting-keys', message, path: [...path, 'enter'], at: 'key' }]
  }
  return []
}

function checkSubject(effect: DeclaredEffect, subject: EffectSubject, path: ValuePath): Problem[] {
  if (subject !== null) return []
  const key = effect.set !== undefined ? 'set' : effect.enter !== undefined ? 'enter' : null
  if (key === null) return []
  const message = `"${key}" changes the flow or the record that a request concerns, and this datapoint has neither; use "update: NAME" with "id".`
  return [{ code: 'no-subject', message, path: [...path, key], at: 'key' }]
}

function checkRecordKeys(effect: DeclaredEffect, path: ValuePath): Problem[] {
  const verb = recordVerbs.find((one) => effect[one] !== undefined)
  if (verb === undefined) {
    return recordKeys
      .filter((key) => effect[key] !== undefined)
      .map((key) => {
        const message = `"${key}" belongs to "create", "update" and "delete", which name a resource; leave it out.`
        return { code: 'conflicting-keys', message, path: [...path, key], at: 'key' }
      })
  }
  const problems: Problem[] = []
  if (verb !== 'create' && effect.id === undefined) {
    const message = `"${verb}" needs "id", which says what record, e.g. id: "{{ request.body.room }}".`
    problems.push({ code: 'missing-key', message, path: [...path, verb], at: 'key' })
  }
  if (verb === 'update' && effect.record === undefined) {
    const message = '"update" needs "record", which holds what changes, e.g. record: { status: SOLD }.'
    problems.push({ code: 'missing-key', message, path: [...path, verb], at: 'key' })
  }
  if (verb === 'delete' && effect.record !== undefined) {
    const message = '"delete" changes nothing in the record that it removes; leave "record" out.'
    problems.push({ code: 'conflicting-keys', message, path: [...path, 'record'], at: 'key' })
  }
  return problems
}
