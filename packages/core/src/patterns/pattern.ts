import type { DatapointDefinition } from '@imnot/schema'
import type { Exchange } from '../handling/exchange.ts'
import type { Situation } from '../handling/situation.ts'
import type { EngineResponse } from '../http/messages.ts'
import type { PayloadBodies } from '../payloads/payload-bodies.ts'
import type { Clock } from '../ports/clock.ts'
import type { WriteOperation } from '../ports/storage.ts'
import type { Secrets } from '../secrets.ts'

/**
 * How the datapoints of one pattern behave. Each pattern is one file; the engine loops over the registry and asks no
 * pattern by its name.
 */
export interface PatternBehaviour {
  /** As in `@imnot/schema`'s registry; a test keeps the two equal. */
  readonly name: string
  /** Called once for each endpoint when a definition is loaded: what can be computed before a request comes is computed here. */
  compile(context: CompileContext): EndpointBehaviour
}

export interface CompileContext<Datapoint extends DatapointDefinition = DatapointDefinition> {
  readonly partner: string
  readonly datapoint: Datapoint
  readonly endpoint: Datapoint['endpoints'][number]
  readonly services: PatternServices
}

/** What the engine gives to every pattern. */
export interface PatternServices {
  readonly clock: Clock
  readonly secrets: Secrets
  readonly bodies: PayloadBodies
}

export interface EndpointBehaviour {
  /** The whole answer, where it depends on nothing: such an endpoint makes no storage call. */
  readonly fixed?: EngineResponse
  /** The request's body is read, up to the limit for mocked endpoints, before anything else is asked. */
  readonly readsBody?: boolean
  /** The datapoint's payload is read with the session. */
  readonly readsPayload?: boolean
  /** The id of the flow that the request names; null where it names none. Absent: the endpoint concerns no flow. */
  readonly flowId?: (exchange: Exchange) => string | null
  /** What is to be answered and changed. Changes nothing itself; it is asked again when its write has lost a race. */
  plan(exchange: Exchange, situation: Situation): Plan | Promise<Plan>
}

export interface Plan {
  readonly answer: EngineResponse
  /** What refused the request, for the journal: `out_of_order`, `no_payload`, … */
  readonly refusedBy?: string
  /** Written all or none before the answer goes out. */
  readonly operations?: readonly WriteOperation[]
}

/** A behaviour for the datapoints of one pattern only; the registry hands it no others. */
export function behaviourOf<Datapoint extends DatapointDefinition>(
  name: Datapoint['pattern'],
  compile: (context: CompileContext<Datapoint>) => EndpointBehaviour,
): PatternBehaviour {
  return { name, compile: (context) => compile(context as unknown as CompileContext<Datapoint>) }
}
