import type { AsyncDatapoint } from '@imnot/schema'
import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { compileEffects } from '../effects/effects.ts'
import type { Moment } from '../handling/moment.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { listsRead, loadLists } from '../records/records-read.ts'
import { recordsSources } from '../records/records-view.ts'
import { readsOf } from '../rendering/renderer.ts'
import { extendScope, type Scope } from '../rendering/scope.ts'
import type { Occasion } from '../states/occasion.ts'
import type { Place } from '../states/place.ts'
import { compileCapture } from './capture.ts'
import { namesThatFind } from './flow-finder.ts'
import { flowAt, occasionOf, operationsAt, placeOf } from './flow-place.ts'
import type { Flow } from './flow-record.ts'
import { flowWithAttempts } from './flow-view.ts'
import { compileGenerate } from './generate.ts'

/** What an endpoint does to its flow with its final answer, before that is rendered: it captures, generates, enters states and has effects. */
export interface Finish {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** `key` is that of the flow; null where it begins. */
  of(flow: Flow, key: string | null, moment: Moment): Promise<Finished | Refusal>
}

export interface Finished {
  readonly flow: Flow
  /** What the answer and callbacks see. */
  readonly scope: Scope
  /** All that is written beside the flow, what the request has done by coming included. */
  readonly operations: readonly WriteOperation[]
}

/** Null where it does nothing. */
export function compileFinish(context: CompileContext<AsyncDatapoint>): Finish | null {
  const { endpoint, datapoint, position, machine, resources, services } = context
  const { capture: captured, generate: generated, effects: declared = [] } = endpoint
  if (captured === undefined && generated === undefined && declared.length === 0 && machine === null) return null
  const options = { ...context.options, flowId: true }
  const { storage } = services
  const capture = compileCapture(captured, options)
  const generate = compileGenerate(generated, { storage, finders: namesThatFind(datapoint) })
  const names = Object.keys(generated ?? {})
  const effects = declared.length === 0 ? null : compileEffects(declared, { resources, options })
  const lists = listsRead(resources, effects?.reads ?? [])

  async function affect(before: Place, occasion: Occasion): Promise<Place | Refusal> {
    if (effects === null) return before
    const { records, params } = occasion
    await loadLists(lists, params, records)
    const sources = (values: Place['values']) => occasion.sources({ values, standing: before.standing })
    const scope =
      lists.length > 0 ? extendScope(before.scope, recordsSources(resources, records, params)) : before.scope
    const done = await effects.apply({ scope, records, params, subject: { values: before.values, sources } })
    if (isRefusal(done)) return done
    const place = { ...before, values: done.values, scope: done.scope }
    return done.enter === null || machine === null ? place : machine.enter(place, done.enter, occasion)
  }

  return {
    reads: readsOf([capture, generate, effects, machine].filter((part) => part !== null)),
    async of(before, key, moment) {
      const data = capture.after(before.data, scopeWith(before, moment), moment)
      let flow: Flow = { value: before.value, data }
      const owned: WriteOperation[] = []
      if (generate !== null && !(isRead(moment) && names.every((name) => Object.hasOwn(data.values, name)))) {
        const made = await generate.after(flow, scopeWith(flow, moment), moment)
        if (isRefusal(made)) return made
        flow = made.flow
        owned.push(...made.operations)
      }
      const acts = effects !== null && (isRepeated(endpoint, moment) || !(flow.value.acted ?? []).includes(position))
      if (acts)
        flow = { ...flow, value: { ...flow.value, acted: [...new Set([...(flow.value.acted ?? []), position])] } }
      const occasion = occasionOf(flow, key, moment, storage)
      const arrived = moment.arrived?.place
      const begun: Place = {
        ...(arrived ?? placeOf(flow, moment.scope)),
        values: flow.data.values,
        scope: scopeWith(flow, moment),
      }
      const standing = key === null && machine !== null ? await machine.begin(begun, occasion) : begun
      if (isRefusal(standing)) return standing
      const place = acts ? await affect(standing, occasion) : standing
      if (isRefusal(place)) return place
      return {
        flow: flowAt(flow, place),
        scope: place.scope,
        operations: [...owned, ...operationsAt(place, occasion)],
      }
    },
  }
}

/** What is read again is the same again: only other methods make an id anew. */
function isRead({ exchange }: Moment): boolean {
  return exchange.request.method === 'GET' || exchange.request.method === 'HEAD'
}

/** What stands outside the order is done as often as it is asked for, such as to pause and to resume. */
function isRepeated({ step }: { readonly step?: number | undefined }, moment: Moment): boolean {
  return step === undefined && !isRead(moment)
}

/** What templates see once the flow is so. */
export function scopeWith(flow: Flow, { scope, situation }: Moment): Scope {
  return extendScope(scope, { flow: () => flowWithAttempts(flow, situation) })
}

/** The flow after its final answer, or why there is none. */
export async function finish(
  declared: Finish | null,
  flow: Flow,
  { key, moment }: { readonly key: string | null; readonly moment: Moment },
): Promise<Finished | Refusal> {
  if (declared !== null) return declared.of(flow, key, moment)
  return { flow, scope: moment.scope, operations: moment.arrived?.operations ?? [] }
}
