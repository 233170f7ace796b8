import type { Refusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import type { Situation } from '../handling/situation.ts'
import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import type { CompileContext, Plan, Wants } from '../patterns/pattern.ts'
import type { ScopeSources } from '../rendering/scope.ts'

/**
 * Something that endpoints of every pattern may declare: a guard, a change to what is planned, a way to respond. Each is one
 * file; the registry lists them in the order in which they act. Where an endpoint does not declare one, its compiler returns
 * null and nothing is left of it on the request's way.
 */
export interface EndpointFeature {
  /** Whether nothing stored matters to it, as in `EndpointBehaviour`. @default false */
  readonly isStateless?: boolean
  /** @default false */
  readonly readsBody?: boolean
  /** @default false */
  readonly readsPayload?: boolean
  /** The attempts to call back for the flow are read with it, for `flow.attempts`. @default false */
  readonly readsAttempts?: boolean
  /** Keys of records that it wants; they are read in the same storage call as the rest, and are in `situation.record(key)`. */
  readonly keys?: Wants
  /** The text of the token that the request carries, where the endpoint says that it is somewhere else than in `Authorization`. */
  readonly tokenOf?: (request: EngineRequest) => string | null
  /** Prefixes of keys: all records of each are read with their bodies, beside the rest, and `situation.list(prefix)` has them. */
  readonly lists?: Wants
  /** Members of what templates and conditions of the endpoint see, its `when` included. */
  sources?(exchange: Exchange, situation: Situation): ScopeSources
  /** Before the plan: an answer or a refusal ends the request and changes nothing; null lets it pass. Asked again after a lost race. */
  before?(moment: Moment): Verdict | Promise<Verdict>
  /** Once every guard has let the request pass: the moment with what templates and conditions see beyond the request, such as `page`. */
  extend?(moment: Moment): Moment | Promise<Moment>
  /** What is planned, with what the feature adds to it. Not asked where the answer is a refusal. */
  amend?(plan: Plan, moment: Moment): Plan | Promise<Plan>
  /** After everything is written: the answer as it goes out, also that of a refusal. The moment is the one that was answered. */
  respond?(response: EngineResponse, moment: Moment): EngineResponse | Promise<EngineResponse>
}

export type Verdict = EngineResponse | Refusal | null

/** Null where the endpoint does not declare the feature. */
export type FeatureCompiler = (context: CompileContext) => EndpointFeature | null
