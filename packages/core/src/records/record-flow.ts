import { laneKeyOf, readLane } from '../deliveries/lane.ts'
import { withDue } from '../flows/flow-due.ts'
import { changeOf, type Flow, type FlowChange, type FlowState } from '../flows/flow-record.ts'
import { flowView } from '../flows/flow-view.ts'
import { withValueAt } from '../flows/value-at.ts'
import { readPath } from '../rendering/read-member.ts'
import type { ScopeSources } from '../rendering/scope.ts'
import type { Machine, RecordMachine } from '../states/machine.ts'
import type { Standing } from '../states/standing.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import type { RecordState } from './record-state.ts'
import { recordView } from './record-view.ts'
import { type RecordContent, type RecordParams, type Resource, scopeParams } from './resource.ts'

/**
 * A record with states is a flow, too: beside the record there is one, which says where the record stands and what is due. It is
 * listed and steered as any other. What the record holds is in the record alone.
 */
export interface RecordFlow extends Flow {
  readonly key: string
  /** Of what is stored; 0 where nothing is. */
  readonly version: number
}

/** What names the record of a flow. */
export function namesOfFlow(
  resource: Resource,
  { data }: Flow,
): { readonly id: unknown; readonly params: RecordParams } {
  return { id: data.values.record_id, params: scopeParams(resource, data.values) }
}

/** An initial record stands in the state that it says itself; where it says none its first one is entered. */
export function standingOf({ stateField, names }: RecordMachine, content: RecordContent, now: number): Standing | null {
  const said = stateField === null ? undefined : readPath(content, stateField.split('.'))
  return typeof said === 'string' && names.includes(said) ? { state: said, since: now, polls: 0 } : null
}

/** What the record holds where it stands so. */
export function withState(
  { stateField }: RecordMachine,
  content: RecordContent,
  standing: Standing | null,
): RecordContent {
  if (stateField === null || standing === null) return content
  return withValueAt(content, stateField, standing.state) as RecordContent
}

/** How templates see the record and its flow where they stand so. */
export function recordSources(machine: RecordMachine, record: RecordState, flow: Flow, view = recordView) {
  return (subject: { readonly values: RecordContent; readonly standing: Standing | null }): ScopeSources => ({
    record: () => view({ ...record, content: withState(machine, subject.values, subject.standing) }),
    flow: () => flowView(flowStanding(flow, subject.standing)),
  })
}

function flowStanding<Kept extends Flow>(flow: Kept, standing: Standing | null): Kept {
  return standing === null ? flow : { ...flow, value: { ...flow.value, standing } }
}

/** The flow as it is to be written once the record stands so. */
export function flowChange(
  flow: RecordFlow,
  standing: Standing | null,
  clock: ClockReading,
  machine: Machine,
): FlowChange {
  const after = withDue(flowStanding(flow, standing), clock, machine)
  if (flow.version === 0) return { key: flow.key, expect: 'absent', value: after.value, data: after.data }
  return changeOf(flow as FlowState, after)
}

/** The lane of the record's callbacks. */
export async function laneOfRecord(
  { key }: RecordState,
  scope: string,
  read: (keys: readonly string[]) => Promise<readonly (Parameters<typeof readLane>[1] | null)[]>,
) {
  const laneKey = laneKeyOf(scope, key)
  const [record = null] = await read([laneKey])
  return readLane(laneKey, record)
}
