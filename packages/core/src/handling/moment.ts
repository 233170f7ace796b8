import type { Refusal } from '../answers/refusal.ts'
import type { FlowChange } from '../flows/flow-record.ts'
import type { WriteOperation } from '../ports/storage.ts'
import type { Scope } from '../rendering/scope.ts'
import type { Place } from '../states/place.ts'
import type { Exchange } from './exchange.ts'
import type { Situation } from './situation.ts'

/** One attempt to answer a request: the request, what is stored of it now, and what templates and conditions see of both. */
export interface Moment {
  readonly exchange: Exchange
  readonly situation: Situation
  readonly scope: Scope
  /** What the request has changed by coming, written with what is planned; absent: nothing. See `EndpointBehaviour.arrive`. */
  readonly arrived?: Arrived
}

export interface Arrived {
  readonly flow?: FlowChange
  /** Where the flow stands now, with what is owed for that; absent where there are no states. */
  readonly place?: Place
  /** What is written beside the flow. A plan that says how the flow is to be written has these in it. */
  readonly operations: readonly WriteOperation[]
  /** Why it could not come to where it should have. */
  readonly refusal?: Refusal
}
