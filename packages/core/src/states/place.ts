import type { Callbacks } from '../deliveries/callbacks.ts'
import { type Lane, laneIn, putLane } from '../deliveries/lane.ts'
import type { WriteOperation } from '../ports/storage.ts'
import type { RecordContent } from '../records/resource.ts'
import type { Scope } from '../rendering/scope.ts'
import type { Occasion } from './occasion.ts'
import type { Standing } from './standing.ts'

/** A flow or a record on its way through its states, and what that has come to until now. */
export interface Place {
  /** Null before the first state is entered. */
  readonly standing: Standing | null
  /** What is kept of it by name. */
  readonly values: RecordContent
  /** What templates see. */
  readonly scope: Scope
  /** What is owed. */
  readonly operations: readonly WriteOperation[]
  /** The lane with what is owed; null where nothing was. */
  readonly lane: Lane | null
}

/** With the callbacks of a state owed in their turn. */
export async function withOwed(place: Place, callbacks: Callbacks, occasion: Occasion): Promise<Place> {
  const { clock, now, payload } = occasion
  const lane = place.lane ?? (await occasion.lane())
  const owed = callbacks.owe({ scope: place.scope, clock, now, payload, lane })
  const { found, rest } = laneIn(owed, lane.key)
  return { ...place, lane: found ?? place.lane, operations: [...place.operations, ...rest] }
}

/** All that is written for what was owed on the way. */
export function owedOperations({ operations, lane }: Place): readonly WriteOperation[] {
  return lane === null ? operations : [...operations, putLane(lane)]
}
