import { laneKeyOf, readLane } from '../deliveries/lane.ts'
import type { Moment } from '../handling/moment.ts'
import type { Situation } from '../handling/situation.ts'
import { keys } from '../keys.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import type { RecordContent } from '../records/resource.ts'
import { recordWorkOf } from '../records/work-of.ts'
import type { Scope } from '../rendering/scope.ts'
import type { Occasion } from '../states/occasion.ts'
import { owedOperations, type Place } from '../states/place.ts'
import type { Standing } from '../states/standing.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import type { Flow } from './flow-record.ts'
import { flowWithAttempts } from './flow-view.ts'

/** The flow on its way through its states, before anything has happened. */
export function placeOf({ value, data }: Flow, scope: Scope): Place {
  return { standing: value.standing ?? null, values: data.values, scope, operations: [], lane: null }
}

/** The flow where it stands so. */
export function flowAt(flow: Flow, { standing, values }: Pick<Place, 'standing' | 'values'>): Flow {
  return {
    value: standing === null ? flow.value : { ...flow.value, standing },
    data: values === flow.data.values ? flow.data : { ...flow.data, values },
  }
}

/** How templates see the flow where it stands so. */
export function flowSources(flow: Flow, situation: Pick<Situation, 'flow' | 'record'>) {
  return (subject: { readonly values: RecordContent; readonly standing: Standing | null }) => ({
    flow: () => flowWithAttempts(flowAt(flow, subject), situation),
  })
}

/** A request as the occasion on which states of a flow are entered. `key` is the flow's, null where it begins. */
export function occasionOf(
  flow: Flow,
  key: string | null,
  { exchange, situation }: Moment,
  storage: Storage,
): Occasion {
  return {
    sources: flowSources(flow, situation),
    clock: clockOf(flow, situation),
    now: situation.now,
    payload: situation.payload,
    records: recordWorkOf(situation, storage, exchange.baseUrl),
    params: exchange.params,
    async lane() {
      const { id, partner, datapoint, session } = flow.value
      const scope = keys.scope(session)
      const laneKey = laneKeyOf(scope, key ?? keys.flow(scope, id, partner, datapoint))
      const [record = null] = key === null ? [] : await storage.get([laneKey])
      return readLane(laneKey, record)
    },
  }
}

/** The clock that the flow goes by. */
export function clockOf({ value }: Flow, { clock, flowClock }: Situation): ClockReading {
  return value.session === null ? flowClock : clock
}

/** What is written for all that has happened in the request until now, the flow apart. */
export function operationsAt(place: Place, { records }: Pick<Occasion, 'records'>): readonly WriteOperation[] {
  return [...owedOperations(place), ...records.operations()]
}
