import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { laneKeyOf, readLane } from '../deliveries/lane.ts'
import { keys } from '../keys.ts'
import { findPayload } from '../payloads/find-payload.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, StoredRecord, WriteOperation } from '../ports/storage.ts'
import { moveRecord } from '../records/move-record.ts'
import { createRecordWork } from '../records/record-work.ts'
import { createScope } from '../rendering/scope.ts'
import type { Machine } from '../states/machine.ts'
import type { Occasion } from '../states/occasion.ts'
import type { Place } from '../states/place.ts'
import { everyRecord } from '../storage/every-record.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import { isoText } from '../time/iso-text.ts'
import { withDue } from './flow-due.ts'
import { flowAt, flowSources, operationsAt, placeOf } from './flow-place.ts'
import { changeOf, type Flow, type FlowState, putFlow } from './flow-record.ts'
import { flowView } from './flow-view.ts'

/** What is needed to move a flow on without a request. */
export interface FlowServices {
  readonly storage: Storage
  readonly clock: Clock
  /** Where consumers reach imnot, of a flow that does not say; null: it is not known. */
  readonly baseUrl: string | null
  /** The states of a datapoint; null where it declares none, or is not served any more. */
  readonly machineOf: (partner: string, datapoint: string) => Machine | null
}

type Move = (machine: Machine, place: Place, occasion: Occasion) => Promise<Place | Refusal>

/**
 * What is to be written where the flow is moved on without a request: by time, or by a tester. A refusal where an effect of a
 * state cannot be had.
 */
export async function moveFlow(
  services: FlowServices,
  flow: FlowState,
  reading: ClockReading,
  move: Move,
): Promise<readonly WriteOperation[] | Refusal> {
  const { storage, clock, machineOf } = services
  const { partner, datapoint, session } = flow.value
  const machine = machineOf(partner, datapoint)
  const before: Flow = { data: flow.data, value: { ...flow.value, updatedAt: clock.now() } }
  if (machine === null) return [putFlow(withDue(changeOf(flow, before), reading, null))]
  const payload = machine.readsPayload ? await findPayload(storage, clock, { partner, datapoint, session }) : null
  const occasion = occasionOf(services, flow, reading, payload)
  const { ofRecords } = machine
  if (ofRecords !== null) {
    const read = (wanted: readonly string[]) => storage.get(wanted)
    const scope = scopeOf(services, before, reading)
    const moved = { key: flow.key, version: flow.version, ...before }
    const around = { machine: { ...machine, ofRecords }, occasion, scope, prefix: keys.scope(session), read }
    return moveRecord(moved, around, move)
  }
  const place = await move(machine, placeOf(before, scopeOf(services, before, reading)), occasion)
  if (isRefusal(place)) return place
  const after = withDue(changeOf(flow, flowAt(before, place)), reading, machine)
  return [putFlow(after), ...operationsAt(place, occasion)]
}

function occasionOf(
  { storage, clock, baseUrl }: FlowServices,
  flow: FlowState,
  reading: ClockReading,
  payload: Occasion['payload'],
): Occasion {
  const { session } = flow.value
  const scope = keys.scope(session)
  const now = clock.now()
  const laneKey = laneKeyOf(scope, flow.key)
  return {
    sources: flowSources(flow, { flow: null, record: () => null }),
    clock: reading,
    now,
    payload,
    params: {},
    records: createRecordWork({
      scope,
      session,
      now,
      clock: reading,
      base: flow.data.base ?? baseUrl ?? '',
      read: (wanted) => storage.get(wanted),
      list: (prefix) => listAll(storage, prefix),
      count: (key) => storage.increment(key),
    }),
    async lane() {
      const [record = null] = await storage.get([laneKey])
      return readLane(laneKey, record)
    },
  }
}

function scopeOf({ baseUrl }: FlowServices, flow: Flow, reading: ClockReading) {
  const { session } = flow.value
  return createScope({
    flow: () => flowView(flow),
    session: () => (session === null ? undefined : { id: session }),
    now: () => isoText(reading.now),
    base_url: () => flow.data.base ?? baseUrl ?? '',
  })
}

async function listAll(storage: Storage, prefix: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const record of everyRecord(storage, prefix, { bodies: true })) records.push(record)
  return records
}
