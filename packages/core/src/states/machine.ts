import type { DeclaredState } from '@imnot/schema'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { type Condition, compileCondition } from '../conditions/condition.ts'
import { type CallbackContext, type Callbacks, compileCallbacks } from '../deliveries/callbacks.ts'
import { compileEffects, type Effects } from '../effects/effects.ts'
import { mergeDeep, toContent } from '../records/merge-deep.ts'
import { listsRead, loadLists } from '../records/records-read.ts'
import { recordsSources } from '../records/records-view.ts'
import type { RecordContent, Resource, Resources } from '../records/resource.ts'
import { type Renderer, readsOf } from '../rendering/renderer.ts'
import { extendScope } from '../rendering/scope.ts'
import { compileValue } from '../rendering/value.ts'
import type { Occasion } from './occasion.ts'
import { type Place, withOwed } from './place.ts'
import type { Standing } from './standing.ts'

/** Declared states, compiled once: of the flows of a datapoint, or of the records of a resource. */
export interface Machine {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** Of the records of this resource; null: of flows. */
  readonly ofRecords: RecordMachine | null
  /** Whether a callback of one of them sends the payload. */
  readonly readsPayload: boolean
  /** Into the first state, at creation. */
  begin(place: Place, occasion: Occasion): Promise<Place | Refusal>
  /** What time has brought since, and what the poll brings. The same place where that is nothing. */
  advance(place: Place, occasion: Occasion, how: { readonly isPoll: boolean }): Promise<Place | Refusal>
  /** Into this state, where it is not in it already. */
  enter(place: Place, state: string, occasion: Occasion): Promise<Place | Refusal>
  /** Run on to the next state that stays. */
  complete(place: Place, occasion: Occasion): Promise<Place | Refusal>
  /** Whether it leaves its state by being polled, or by itself. */
  passes(standing: Standing): boolean
  /** The scope's time at which the next state is entered unasked; null: not unasked. */
  dueAt(standing: Standing): number | null
}

/** What states mean to the records of a resource. */
export interface RecordMachine {
  readonly resource: Resource
  /** Dotted path of the member that holds the name of the state; null for none. */
  readonly stateField: string | null
  /** Of all states. */
  readonly names: readonly string[]
}

interface State {
  readonly name: string
  readonly polls: number | null
  readonly forMs: number | null
  readonly when: Condition | null
  readonly set: Renderer | null
  readonly callbacks: Callbacks | null
  readonly effects: Effects | null
}

export interface MachineContext extends CallbackContext {
  /** Null for states of flows. */
  readonly ofRecords: RecordMachine | null
  readonly resources: Resources
}

/** A definition that goes round in circles is left where it is then. */
const mostAtOnce = 100

/** Throws a `DefinitionFault`; shapes and names are the schema's to check. */
export function compileStates(declared: readonly DeclaredState[], context: MachineContext): Machine {
  const { resources, options } = context
  const states = declared.map((state) => compileState(state, context))
  const reads = readsOf(
    states.flatMap(({ when, set, callbacks, effects }) =>
      [when, set, callbacks, effects].filter((part) => part !== null),
    ),
  )
  const lists = listsRead(resources, reads)
  const find = (name: string | undefined) => states.find((state) => state.name === name)

  /** The next one whose condition holds; null where there is none, or this one stays. */
  function following(state: State | undefined, place: Place): State | null {
    if (state === undefined) return null
    return states.slice(states.indexOf(state) + 1).find(({ when }) => when === null || when(place.scope)) ?? null
  }

  async function enterState(before: Place, state: State, at: number, occasion: Occasion): Promise<Place | Refusal> {
    const { records, params } = occasion
    if (lists.length > 0) await loadLists(lists, params, records)
    const standing: Standing = { state: state.name, since: at, polls: 0 }
    let place: Place = seen({ ...before, standing }, occasion)
    if (state.set !== null)
      place = seen({ ...place, values: mergeDeep(place.values, toContent(state.set(place.scope))) }, occasion)
    let next: string | null = null
    if (state.effects !== null) {
      const sources = (values: RecordContent) => occasion.sources({ values, standing })
      const scope =
        lists.length > 0 ? extendScope(place.scope, recordsSources(resources, records, params)) : place.scope
      const done = await state.effects.apply({ scope, records, params, subject: { values: place.values, sources } })
      if (isRefusal(done)) return done
      place = { ...place, values: done.values, scope: done.scope }
      next = done.enter
    }
    if (state.callbacks !== null) place = await withOwed(place, state.callbacks, occasion)
    const other = next === null ? undefined : find(next)
    return other === undefined || other === state ? place : enterState(place, other, at, occasion)
  }

  /** Whatever the time has brought by now, one state after the other. */
  async function pass(before: Place, occasion: Occasion): Promise<Place | Refusal> {
    let place = before
    for (let round = 0; round < mostAtOnce; round++) {
      const { standing } = place
      const state = find(standing?.state)
      if (standing === null || state?.forMs === undefined || state.forMs === null) return place
      const at = standing.since + state.forMs
      const next = at <= occasion.clock.now ? following(state, place) : null
      if (next === null) return place
      const entered = await enterState(place, next, at, occasion)
      if (isRefusal(entered)) return entered
      place = entered
    }
    return place
  }

  return {
    reads,
    ofRecords: context.ofRecords,
    readsPayload: states.some(({ callbacks }) => callbacks?.readsPayload === true),
    begin(place, occasion) {
      const first = states.find(({ when }) => when === null || when(place.scope))
      return first === undefined ? Promise.resolve(place) : enterState(place, first, occasion.clock.now, occasion)
    },
    async advance(before, occasion, { isPoll }) {
      const place = await pass(before, occasion)
      if (isRefusal(place) || !isPoll || place.standing === null) return place
      const standing: Standing = { ...place.standing, polls: place.standing.polls + 1 }
      const polled = seen({ ...place, standing }, occasion)
      const state = find(standing.state)
      if (state === undefined || state.polls === null || standing.polls < state.polls) return polled
      const next = following(state, polled)
      return next === null ? polled : enterState(polled, next, occasion.clock.now, occasion)
    },
    passes(standing) {
      const state = find(standing.state)
      return state !== undefined && (state.polls !== null || state.forMs !== null) && state !== states.at(-1)
    },
    async enter(place, name, occasion) {
      const state = find(name)
      if (state === undefined || place.standing?.state === name) return place
      return enterState(place, state, occasion.clock.now, occasion)
    },
    async complete(before, occasion) {
      let place = before
      for (let round = 0; round < mostAtOnce; round++) {
        const state = find(place.standing?.state)
        if (state === undefined || (state.polls === null && state.forMs === null)) return place
        const next = following(state, place)
        if (next === null) return place
        const entered = await enterState(place, next, occasion.clock.now, occasion)
        if (isRefusal(entered)) return entered
        place = entered
      }
      return place
    },
    dueAt({ state: name, since }) {
      const state = find(name)
      if (state === undefined || state.forMs === null || state === states.at(-1)) return null
      return since + state.forMs
    },
  }

  function compileState(state: DeclaredState, around: MachineContext): State {
    const { name, polls = null, for: forMs = null, when, set, callbacks = [], effects = [] } = state
    return {
      name,
      polls,
      forMs,
      when: when === undefined ? null : compileCondition(when, options),
      set: set === undefined ? null : compileValue(set, options),
      callbacks: callbacks.length === 0 ? null : compileCallbacks(callbacks, around),
      effects: effects.length === 0 ? null : compileEffects(effects, { resources, options }),
    }
  }
}

/** With the scope that shows it as it stands now. */
function seen(place: Place, { sources }: Occasion): Place {
  return { ...place, scope: extendScope(place.scope, sources(place)) }
}
