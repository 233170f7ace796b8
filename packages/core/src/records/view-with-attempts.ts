import { attemptsView, laneKeyOf, readLane } from '../deliveries/lane.ts'
import type { Situation } from '../handling/situation.ts'
import type { RecordState } from './record-state.ts'
import { recordView } from './record-view.ts'

type Seen = Pick<RecordState, 'key' | 'id' | 'content' | 'resource'>

/** A record, with the attempts to call back for it where the endpoint wants to know them: to be named, and no part of the whole. */
export function viewWithAttempts(record: Seen, { scope, record: find }: Situation): object {
  const view = recordView(record)
  const key = laneKeyOf(scope, record.key)
  const lane = find(key)
  if (lane === null) return view
  return Object.defineProperty(view, 'attempts', { value: attemptsView(readLane(key, lane)), enumerable: false })
}
