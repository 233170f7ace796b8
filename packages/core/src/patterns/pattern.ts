import type { DatapointDefinition, EndpointShape, PartnerDefinition } from '@imnot/schema'
import type { AnswerOptions } from '../answers/answer.ts'
import type { Refusal } from '../answers/refusal.ts'
import type { FlowChange } from '../flows/flow-record.ts'
import type { Credential } from '../handling/credential.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import type { EngineResponse } from '../http/messages.ts'
import type { GrantTexts } from '../oauth/grant.ts'
import type { PayloadBodies } from '../payloads/payload-bodies.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import type { Resources } from '../records/resource.ts'
import type { Scope } from '../rendering/scope.ts'
import type { Secrets } from '../secrets.ts'
import type { Machine } from '../states/machine.ts'
import type { StartStopwatch } from '../time/stopwatch.ts'
import type { Tokens } from '../tokens/tokens.ts'

/**
 * How the datapoints of one pattern behave. Each pattern is one file; the engine loops over the registry and asks no
 * pattern by its name.
 */
export interface PatternBehaviour {
  /** As in `@imnot/schema`'s registry; a test keeps the two equal. */
  readonly name: string
  /** Whether it does an endpoint's `effects` itself, since they concern its flow or record. @default false */
  readonly ownsEffects?: boolean
  /** Called once for each endpoint when a definition is loaded: what can be computed before a request comes is computed here. */
  compile(context: CompileContext): EndpointBehaviour
}

export interface CompileContext<Datapoint extends DatapointDefinition = DatapointDefinition> {
  readonly partner: string
  readonly datapoint: Datapoint
  /** The whole partner, for what concerns several of its datapoints. */
  readonly definition: PartnerDefinition
  /** With the headers of `defaults` in its response already. */
  readonly endpoint: Datapoint['endpoints'][number] & Pick<EndpointShape, 'inherited' | 'auth'>
  /** Of the partner, for effects and `records`. */
  readonly resources: Resources
  /** Of the datapoint, where it declares `states`. */
  readonly machine: Machine | null
  /** Of the endpoint in its datapoint, from 0. */
  readonly position: number
  /** For `compileAnswer`, `compileHeaders`, `compileValue` and `compileCondition` of this datapoint. */
  readonly options: AnswerOptions
  readonly services: PatternServices
}

/** What the engine gives to every pattern. */
export interface PatternServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly secrets: Secrets
  readonly bodies: PayloadBodies
  readonly tokens: Tokens
  readonly grants: GrantTexts
  /** For what an open request waits for, by its session's clock. */
  readonly stopwatch: StartStopwatch
  /** Secrets that definitions name; undefined where there is none of the name. */
  readonly environment: (name: string) => string | undefined
}

export interface EndpointBehaviour {
  /** The whole answer, where it depends on nothing: such an endpoint makes no storage call. */
  readonly fixed?: EngineResponse
  /** Whether nothing stored matters to it, so that a request without a session makes no storage call. @default false */
  readonly isStateless?: boolean
  /** The request's body is read, up to the limit for mocked endpoints, before anything else is asked. */
  readonly readsBody?: boolean
  /** The datapoint's payload is read with the session. */
  readonly readsPayload?: boolean
  /** What the request proves, where it does so by more than the token of `Authorization`. */
  readonly credentialOf?: (exchange: Exchange) => Promise<Credential>
  /** The id of the flow that the request names; null where it names none. Absent: the endpoint concerns no flow. */
  readonly flowId?: (exchange: Exchange) => string | null
  /** Keys of records that it wants, and prefixes of which it wants all, as features do. */
  readonly keys?: Wants
  readonly lists?: Wants
  /** A generated id by which the request names its flow instead; null where it names none. */
  readonly flowAlias?: (exchange: Exchange) => FlowAlias | null
  /**
   * What the request's coming does to its flow or record, before any condition of the endpoint is asked: the moment after
   * that. Absent: nothing.
   */
  arrive?(moment: Moment): Moment | Promise<Moment>
  /**
   * Why the request cannot be answered, whatever `responses` say: its flow or record is not there, or was made to fail. Absent:
   * only `plan` refuses.
   */
  refuse?(moment: Moment): Refusal | null | Promise<Refusal | null>
  /** What is to be answered and changed. Changes nothing itself; it is asked again when its write has lost a race. */
  plan(moment: Moment): Plan | Promise<Plan>
}

/** A generated id, and the name that it has in its flow. */
export interface FlowAlias {
  readonly name: string
  readonly value: string
}

export interface Plan {
  /** A refusal gets the partner's shape; what it would have changed is not written. */
  readonly answer: EngineResponse | Refusal
  /** An answer before the final one: what is owed with the final one is not owed yet. @default false */
  readonly isInterim?: boolean
  /** Its flow is in a state that it leaves by polls or by itself: whoever asks goes on asking. @default false */
  readonly isPassing?: boolean
  /** The answer is one page of a list, and there are pages after it. @default false */
  readonly hasMorePages?: boolean
  /** What callbacks see, where that is more than the request and its flow: the record as it will be, what effects have named. */
  readonly scope?: Scope
  /** Key of the record whose callbacks follow each other. Absent: those of the flow do, or they follow nobody. */
  readonly laneOwner?: string
  /** The flow as it is to be written, with the rest. Absent: as it was when the request had come. */
  readonly flow?: FlowChange
  /** Beside the flow, and with what the request has done by coming where `flow` is given. Written all or none before the answer goes out. */
  readonly operations?: readonly WriteOperation[]
}

/** Keys, or prefixes of keys, by the scope that the request turns out to belong to. */
export type Wants = (scope: string, exchange: Exchange) => readonly string[]

/** A behaviour for the datapoints of one pattern only; the registry hands it no others. */
export function behaviourOf<Datapoint extends DatapointDefinition>(
  name: Datapoint['pattern'],
  compile: (context: CompileContext<Datapoint>) => EndpointBehaviour,
  more: Pick<PatternBehaviour, 'ownsEffects'> = {},
): PatternBehaviour {
  return { ...more, name, compile: (context) => compile(context as unknown as CompileContext<Datapoint>) }
}
