import type { Plan } from '../patterns/pattern.ts'
import type { Scope } from '../rendering/scope.ts'
import type { Exchange } from './exchange.ts'
import type { Situation } from './situation.ts'

/** One attempt to answer a request: the request, what is stored of it now, and what templates and conditions see of both. */
export interface Moment {
  readonly exchange: Exchange
  readonly situation: Situation
  readonly scope: Scope
  /** What the request has changed by coming, written with what is planned; absent: nothing. See `EndpointBehaviour.arrive`. */
  readonly arrived?: Pick<Plan, 'flow' | 'operations'>
}
