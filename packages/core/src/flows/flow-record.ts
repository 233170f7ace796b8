import type { GrantState } from '../oauth/grant.ts'
import type { JsonValue, StoredRecord } from '../ports/storage.ts'

/** What is kept of a flow. */
export type FlowValue = {
  readonly id: string
  /** The id is a number wherever its type shows. */
  readonly hasNumber?: true
  readonly partner: string
  readonly datapoint: string
  /** The session that it was started in; null is the global scope. */
  readonly session: string | null
  readonly createdAt: number
  readonly updatedAt: number
  /** Numbers of the steps that have given their final answer, in rising order. */
  readonly done: readonly number[]
  /** How often a GET or a declared HEAD has found the flow. */
  readonly polls: number
  /** Positions of the endpoints whose callbacks were owed: that is once for each flow. Absent: none. */
  readonly called?: readonly number[]
  /** Of a flow that is a grant of tokens: which code or refresh token of it counts. */
  readonly grant?: GrantState
}

/** A flow as it was read. */
export interface FlowState {
  readonly key: string
  readonly version: number
  readonly value: FlowValue
}

export function readFlow(record: StoredRecord | null): FlowState | null {
  if (record === null) return null
  return { key: record.key, version: record.version, value: record.value as FlowValue }
}

/** As templates and conditions see it. */
export function flowView(flow: FlowValue): Readonly<Record<string, JsonValue>> {
  return {
    id: flow.hasNumber ? Number(flow.id) : flow.id,
    step: flow.done.at(-1) ?? 0,
    polls: flow.polls,
    created_at: new Date(flow.createdAt).toISOString(),
  }
}

/** As the admin API shows it. */
export function describeFlow(flow: FlowValue): JsonValue {
  return {
    id: flow.id,
    partner: flow.partner,
    datapoint: flow.datapoint,
    session_id: flow.session,
    steps_done: flow.done,
    polls: flow.polls,
    created_at: new Date(flow.createdAt).toISOString(),
    updated_at: new Date(flow.updatedAt).toISOString(),
  }
}
