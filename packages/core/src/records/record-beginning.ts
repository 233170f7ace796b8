import { noData } from '../flows/flow-data.ts'
import { putFlow } from '../flows/flow-record.ts'
import { newFlow } from '../flows/new-flow.ts'
import { keys } from '../keys.ts'
import type { PutOperation } from '../ports/storage.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import { recordFlowId } from './record-names.ts'
import type { RecordState } from './record-state.ts'

export interface Beginning {
  readonly scope: string
  readonly session: string | null
  readonly now: number
  readonly clock: ClockReading
  /** What stands before every URL that is made for its client. */
  readonly base: string
}

/** The flow of a record that has just been made, or was there before anybody asked for it; it stands in no state yet. */
export function beginFlow({ resource, id, params }: RecordState, { scope, session, now, clock, base }: Beginning) {
  const { partner, name: datapoint } = resource
  return {
    key: flowKey({ resource, id, params }, scope),
    data: { ...noData, values: { ...params, record_id: id }, base },
    value: newFlow(recordFlowId(resource, params, id), { partner, datapoint, session }, { now, clock }),
  }
}

/** Where the flow of a record is kept. */
export function flowKey(
  { resource, id, params }: Pick<RecordState, 'resource' | 'id' | 'params'>,
  scope: string,
): string {
  return keys.flow(scope, recordFlowId(resource, params, id), resource.partner, resource.name)
}

/** Due at once: so it enters its first state like any state that is entered by time. */
export function putBeginning(record: RecordState, beginning: Beginning): PutOperation {
  const { key, value, data } = beginFlow(record, beginning)
  const { clock } = beginning
  return putFlow({ key, data, value: { ...value, due: dueBy(clock, clock.now) }, expect: 'absent' })
}
