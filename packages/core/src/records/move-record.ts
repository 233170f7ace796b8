import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { type FlowState, putFlow } from '../flows/flow-record.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { extendScope, type Scope } from '../rendering/scope.ts'
import type { Machine, RecordMachine } from '../states/machine.ts'
import type { Occasion } from '../states/occasion.ts'
import type { Place } from '../states/place.ts'
import { laneOfRecord, namesOfFlow, recordSources, standingOf } from './record-flow.ts'
import { changesOf, settle } from './record-states.ts'

/** What is read and written where no request asks: the scope of storage, and what templates see beside the record. */
export interface MoveRecordOptions {
  readonly machine: Machine & { readonly ofRecords: RecordMachine }
  readonly occasion: Occasion
  readonly scope: Scope
  /** Key prefix of the scope. */
  readonly prefix: string
  readonly read: Parameters<typeof laneOfRecord>[2]
}

/** A record that is moved on by time, or by a tester: what is to be written. Its flow goes where the record is gone. */
export async function moveRecord(
  flow: FlowState,
  { machine, occasion: around, scope, prefix, read }: MoveRecordOptions,
  move: (machine: Machine, place: Place, occasion: Occasion) => Promise<Place | Refusal>,
): Promise<readonly WriteOperation[] | Refusal> {
  const { resource } = machine.ofRecords
  const { id, params } = namesOfFlow(resource, flow)
  const record = await around.records.find(resource, params, id)
  if (record === null) return [{ type: 'delete', key: flow.key, expect: flow.version }]
  const sources = recordSources(machine.ofRecords, record, flow)
  const occasion: Occasion = { ...around, params, sources, lane: () => laneOfRecord(record, prefix, read) }
  const standing = flow.value.standing ?? standingOf(machine.ofRecords, record.content, occasion.clock.now)
  const values = record.content
  const seen = extendScope(scope, sources({ values, standing }))
  const found: Place = { standing, values, scope: seen, operations: [], lane: null }
  const begun = standing === null ? await machine.begin(found, occasion) : found
  if (isRefusal(begun)) return begun
  const place = await move(machine, begun, occasion)
  if (isRefusal(place)) return place
  const settled = await settle(machine, { flow, occasion, place }, record, place)
  if (isRefusal(settled)) return settled
  const changes = changesOf(machine, settled.stand)
  return [putFlow(changes.flow), ...changes.operations]
}
