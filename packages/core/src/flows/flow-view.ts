import { attemptsView, laneKeyOf, readLane } from '../deliveries/lane.ts'
import type { Situation } from '../handling/situation.ts'
import { keys } from '../keys.ts'
import type { JsonValue } from '../ports/storage.ts'
import { type FlowValue, flowView } from './flow-record.ts'

/** A flow as templates and conditions see it, with the attempts to call back for it where the endpoint wants to know them. */
export function flowWithAttempts(flow: FlowValue, { flow: found, record }: Situation): Record<string, JsonValue> {
  if (found === null) return flowView(flow)
  const key = laneKeyOf(keys.scope(found.value.session), found.key)
  const lane = record(key)
  return lane === null ? flowView(flow) : { ...flowView(flow), attempts: attemptsView(readLane(key, lane)) }
}
