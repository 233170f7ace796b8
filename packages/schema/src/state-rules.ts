import { checkCallbacks } from './callback-rules.ts'
import { checkEffects, type EffectSubject } from './effect-rules.ts'
import type { DeclaredEffect } from './fields/effects.ts'
import type { DeclaredState } from './fields/states.ts'
import { nearest } from './nearest.ts'
import type { Problem, ValuePath } from './problem.ts'

interface WithStates {
  readonly states?: readonly DeclaredState[] | undefined
  readonly state_field?: string | undefined
  readonly endpoints: readonly { readonly effects?: readonly DeclaredEffect[] | undefined }[]
}

/** Rules between the states of a datapoint, and what enters them. Paths begin at the datapoint. */
export function checkStates(
  { states = [], state_field: field, endpoints }: WithStates,
  subject: EffectSubject,
): Problem[] {
  const names = states.map(({ name }) => name)
  return [
    ...(field === undefined || states.length > 0 ? [] : [fieldWithoutStates()]),
    ...states.flatMap((state, index) =>
      checkState(state, names.indexOf(state.name) < index, subject, ['states', index]),
    ),
    ...states.flatMap(({ effects }, index) => checkEntered(effects, names, ['states', index, 'effects'])),
    ...endpoints.flatMap(({ effects }, index) => checkEntered(effects, names, ['endpoints', index, 'effects'])),
  ]
}

function fieldWithoutStates(): Problem {
  const message = '"state_field" shows the name of a state, and there are no "states"; declare them or leave it out.'
  return { code: 'missing-key', message, path: ['state_field'], at: 'key' }
}

function checkState(state: DeclaredState, isRepeated: boolean, subject: EffectSubject, path: ValuePath): Problem[] {
  const problems: Problem[] = []
  if (isRepeated) {
    const message = `A second state is called "${state.name}"; give each a name of its own.`
    problems.push({ code: 'duplicate-name', message, path: [...path, 'name'] })
  }
  if (state.polls !== undefined && state.for !== undefined) {
    const message = '"polls" and "for" exclude each other in one state; write two states.'
    problems.push({ code: 'conflicting-keys', message, path: [...path, 'for'], at: 'key' })
  }
  return [
    ...problems,
    ...checkCallbacks(state.callbacks, [...path, 'callbacks']),
    ...checkEffects(state.effects, subject, [...path, 'effects']),
  ]
}

function checkEntered(effects: readonly DeclaredEffect[] = [], names: readonly string[], path: ValuePath): Problem[] {
  return effects.flatMap(({ enter, create, update }, index): Problem[] => {
    // Of the records of another resource; its states are its own.
    if (enter === undefined || create !== undefined || update !== undefined || names.includes(enter)) return []
    const suggestion = nearest(enter, names)
    const known = names.length === 0 ? 'this datapoint has no "states"' : `the states are ${names.join(', ')}`
    const hint = suggestion ? `did you mean "${suggestion}"?` : `${known}.`
    const message = `There is no state "${enter.slice(0, 100)}"; ${hint}`
    const place = { code: 'unknown-name', message, path: [...path, index, 'enter'], found: enter }
    return [{ ...place, ...(suggestion && { suggestion }) }]
  })
}
