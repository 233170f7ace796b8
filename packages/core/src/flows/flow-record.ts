import { queues } from '../keys.ts'
import type { GrantState } from '../oauth/grant.ts'
import type { Expectation, JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import type { Standing } from '../states/standing.ts'
import type { Due } from '../time/due.ts'
import { type FlowData, packFlowData, unpackFlowData } from './flow-data.ts'

/** What is kept of a flow in the record's value: nothing of it came from a consumer but an id that one chose. */
export type FlowValue = {
  readonly id: string
  /** The id is a number wherever its type shows. */
  readonly hasNumber?: true
  readonly partner: string
  readonly datapoint: string
  /** The session that it was started in; null is the global scope. */
  readonly session: string | null
  /** Wall-clock time. */
  readonly createdAt: number
  readonly updatedAt: number
  /** The scope's time at which it was started. */
  readonly begunAt: number
  /** Numbers of the steps that have given their final answer, in rising order. */
  readonly done: readonly number[]
  /** How often a GET or a declared HEAD has found the flow. */
  readonly polls: number
  /** Positions of the endpoints whose callbacks were owed: that is once for each flow. Absent: none. */
  readonly called?: readonly number[]
  /** Of a flow that is a grant of tokens: which code or refresh token of it counts. */
  readonly grant?: GrantState
  /** Where each endpoint with `pending` stands, by its position, until it has given its final answer. */
  readonly pending?: Readonly<Record<string, PendingPlace>>
  /** Names of the ids that were generated and lead back to the flow. */
  readonly aliases?: readonly string[]
  /** Positions of the endpoints whose effects were had: that is once for each flow. Absent: none. */
  readonly acted?: readonly number[]
  /** Where it stands among the states of its datapoint; absent where there are none. */
  readonly standing?: Standing
  /** What a tester has made of it. */
  readonly steered?: Steering
  /** By the scope's time; absent: it ends with its session. */
  readonly expiresAt?: number
  /** When something happens to it unasked; null or absent: never. */
  readonly due?: Due | null
}

/** `complete`: nothing is pending any more. `hold`: it goes no further. `fail`: every request for it is refused as `failed`. */
export type Steering = 'complete' | 'hold' | 'fail'

export type PendingPlace = {
  /** Position in the list. */
  readonly entry: number
  /** How often the entry was the answer. */
  readonly polls: number
  /** The scope's time from which a `for` counts. */
  readonly since: number
}

/** A flow with all that is kept of it. */
export interface Flow {
  readonly value: FlowValue
  readonly data: FlowData
}

/** A flow as it was read. */
export interface FlowState extends Flow {
  readonly key: string
  readonly version: number
}

/** A flow as it is to be written. */
export interface FlowChange extends Flow {
  readonly key: string
  readonly expect: Expectation
}

/** The data is unpacked when it is first asked for; a record that was read without its body has none. */
export function readFlow(record: StoredRecord | null): FlowState | null {
  if (record === null) return null
  let data: FlowData | undefined
  return {
    key: record.key,
    version: record.version,
    value: record.value as FlowValue,
    get data() {
      data ??= unpackFlowData(record.body)
      return data
    },
  }
}

/** While it has something ahead by the clock it waits in the queue for that. */
export function putFlow({ key, value, data, expect }: FlowChange): PutOperation {
  const body = packFlowData(data)
  const { due } = value
  return {
    type: 'put',
    key,
    value,
    ...(body === undefined ? {} : { body }),
    ...(due === undefined || due === null ? {} : { queue: queues.flows, dueAt: due.wall }),
    expect,
  }
}

/** As it was read, to be written as something else. */
export function changeOf({ key, version, value, data }: FlowState, change: Partial<Flow> = {}): FlowChange {
  return { key, expect: version, value: change.value ?? value, data: change.data ?? data }
}

/** As the admin API shows it. */
export function describeFlow(flow: FlowValue): Readonly<Record<string, JsonValue>> {
  return {
    id: flow.id,
    partner: flow.partner,
    datapoint: flow.datapoint,
    session_id: flow.session,
    steps_done: flow.done,
    polls: flow.polls,
    state: flow.standing?.state ?? null,
    steered: flow.steered ?? null,
    created_at: new Date(flow.createdAt).toISOString(),
    updated_at: new Date(flow.updatedAt).toISOString(),
  }
}
