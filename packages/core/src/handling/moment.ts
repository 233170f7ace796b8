import type { Scope } from '../rendering/scope.ts'
import type { Exchange } from './exchange.ts'
import type { Situation } from './situation.ts'

/** One attempt to answer a request: the request, what is stored of it now, and what templates and conditions see of both. */
export interface Moment {
  readonly exchange: Exchange
  readonly situation: Situation
  readonly scope: Scope
}
