import { isRefusal, type Refusal, refusal } from '../answers/refusal.ts'
import type { EffectOutcome } from '../effects/effects.ts'
import { isSteered } from '../flows/arrive.ts'
import type { Moment } from '../handling/moment.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { extendScope, type ScopeSources } from '../rendering/scope.ts'
import type { Machine, RecordMachine } from '../states/machine.ts'
import type { Occasion } from '../states/occasion.ts'
import { owedOperations, type Place } from '../states/place.ts'
import { beginFlow } from './record-beginning.ts'
import { flowChange, laneOfRecord, type RecordFlow, recordSources, standingOf, withState } from './record-flow.ts'
import type { RecordState } from './record-state.ts'
import type { RecordWork } from './record-work.ts'
import type { RecordContent } from './resource.ts'
import { viewWithAttempts } from './view-with-attempts.ts'

/** A record on its way through its states in one request. */
export interface RecordStand {
  readonly flow: RecordFlow
  readonly place: Place
  readonly occasion: Occasion
}

/** Where the record stands when the request comes; nothing has happened to it yet. */
export function standNow(machine: RecordMachine, record: RecordState, work: RecordWork, moment: Moment): RecordStand {
  const { exchange, situation } = moment
  const { scope, now, clock, payload, read } = situation
  const session = situation.session?.value.id ?? null
  // What the global scope has of the id is another record.
  const stored = situation.flow?.value.session === session ? situation.flow : null
  const flow: RecordFlow = stored ?? {
    ...beginFlow(record, { scope, session, now, clock, base: exchange.baseUrl }),
    version: 0,
  }
  const sources = recordSources(machine, record, flow, (state) => viewWithAttempts({ ...record, ...state }, situation))
  const standing = flow.value.standing ?? standingOf(machine, record.content, clock.now)
  const occasion: Occasion = {
    sources,
    clock,
    now,
    payload,
    records: work,
    params: exchange.params,
    lane: () => laneOfRecord(record, scope, read),
  }
  const seen = extendScope(moment.scope, sources({ values: record.content, standing }))
  return { flow, occasion, place: { standing, values: record.content, scope: seen, operations: [], lane: null } }
}

/** The same once something has happened to it: what the record holds is changed in the work. */
export async function settle(
  machine: Machine & { readonly ofRecords: RecordMachine },
  { flow, occasion }: RecordStand,
  record: RecordState,
  place: Place,
): Promise<{ readonly record: RecordState; readonly stand: RecordStand } | Refusal> {
  const content = withState(machine.ofRecords, place.values, place.standing)
  const settled = await occasion.records.update(record, content)
  if (isRefusal(settled)) return settled
  return { record: settled, stand: { flow, occasion, place: { ...place, values: content } } }
}

/** What is written for it: the flow, and beside it what is owed and every record that was changed. */
export function changesOf(
  machine: Machine,
  { flow, place, occasion }: RecordStand,
): { readonly flow: ReturnType<typeof flowChange>; readonly operations: readonly WriteOperation[] } {
  return {
    flow: flowChange(flow, place.standing, occasion.clock, machine),
    operations: [...owedOperations(place), ...occasion.records.operations()],
  }
}

/** What a request does to a record with states by coming: what time has brought is done, and a poll counts. */
export async function arriveAtRecord(
  machine: Machine & { readonly ofRecords: RecordMachine },
  record: RecordState,
  work: RecordWork,
  moment: Moment,
): Promise<Moment> {
  const now = standNow(machine.ofRecords, record, work, moment)
  const { method } = moment.exchange.request
  const isPoll = method === 'GET' || method === 'HEAD'
  const { value } = now.flow
  if (value.steered === 'fail') return { ...moment, arrived: { operations: [], refusal: refuseFailed(record) } }
  const flow = isPoll
    ? { ...now.flow, value: { ...value, polls: value.polls + 1, updatedAt: now.occasion.now } }
    : now.flow
  if (isSteered(value)) return withStand(moment, { ...now, flow })
  const begun = now.place.standing === null ? await machine.begin(now.place, now.occasion) : now.place
  const place = isRefusal(begun) ? begun : await machine.advance(begun, now.occasion, { isPoll })
  if (isRefusal(place)) return { ...moment, arrived: { operations: [], refusal: place } }
  if (place === now.place && !isPoll) return withStand(moment, now)
  const settled = await settle(machine, { ...now, flow }, record, place)
  if (isRefusal(settled)) return { ...moment, arrived: { operations: [], refusal: settled } }
  const { stand } = settled
  return { ...withStand(moment, stand), arrived: { ...changesOf(machine, stand), place: stand.place } }
}

const stands = new WeakMap<Moment['situation'], RecordStand>()

function withStand(moment: Moment, stand: RecordStand): Moment {
  stands.set(moment.situation, stand)
  return { ...moment, scope: stand.place.scope }
}

function refuseFailed({ id, resource }: RecordState): Refusal {
  return refusal(
    'failed',
    `The record "${id}" of ${resource.partner}/${resource.name} was made to fail by a tester; complete it with \`imnot flows complete ${id}\`.`,
  )
}

/** A record while its endpoint's effects are done: where it stands before them, and what comes of them. */
export interface StandingRecord {
  readonly place: Place
  readonly sources: (values: RecordContent) => ScopeSources
  end(
    record: RecordState,
    done: EffectOutcome,
  ): Promise<{ readonly record: RecordState; readonly stand: RecordStand } | Refusal>
}

/** The record of a request, which stands where its coming has brought it; a new one enters its first state. */
export async function standRecord(
  machine: Machine & { readonly ofRecords: RecordMachine },
  record: RecordState,
  isNew: boolean,
  moment: Moment,
  work: RecordWork,
): Promise<StandingRecord | Refusal> {
  const arrived = isNew ? undefined : stands.get(moment.situation)
  const now = arrived ?? standNow(machine.ofRecords, record, work, moment)
  const { occasion, flow } = now
  const seen = extendScope(moment.scope, occasion.sources({ values: record.content, standing: now.place.standing }))
  const start: Place = { ...now.place, values: record.content, scope: seen }
  const place = isNew ? await machine.begin({ ...start, standing: null }, occasion) : start
  if (isRefusal(place)) return place
  return {
    place,
    sources: (values) => occasion.sources({ values, standing: place.standing }),
    async end(made, done) {
      const after: Place = { ...place, values: done.values, scope: done.scope }
      const entered = done.enter === null ? after : await machine.enter(after, done.enter, occasion)
      if (isRefusal(entered)) return entered
      return settle(machine, { flow, occasion, place: entered }, made, entered)
    },
  }
}
