import type { DatapointShape, EndpointShape, ResponseShape } from '@imnot/schema'
import { compileAnswer } from '../answers/answer.ts'
import type { Refusal } from '../answers/refusal.ts'
import { renderAnswer } from '../answers/render-answer.ts'
import { compileCondition } from '../conditions/condition.ts'
import type { Moment } from '../handling/moment.ts'
import type { EngineResponse } from '../http/messages.ts'
import { keys } from '../keys.ts'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import { isStateless, readsBody } from '../rendering/renderer.ts'
import { extendScope, type Scope, type ScopeSources } from '../rendering/scope.ts'
import { compileValue } from '../rendering/value.ts'
import type { CompileContext } from './pattern.ts'

/** What a pattern of a user's own is compiled with. */
export interface CustomContext<
  Datapoint extends DatapointShape = DatapointShape,
  Endpoint extends EndpointShape = EndpointShape,
> {
  readonly partner: string
  readonly datapoint: Datapoint
  /** With the headers of `defaults` in its response already. */
  readonly endpoint: Endpoint
  /** Of the endpoint in its datapoint, from 0. */
  readonly position: number
  /** A declared answer, by default the endpoint's own `response`. */
  answer(response?: ResponseShape): DeclaredAnswer
  /** A declared value: text with templates, a mapping, a list, `for_each`, `choose`. */
  value(declared: unknown): Declared<unknown>
  /** A declared condition, as `when` is one. Whatever is there is the schema's to check. */
  condition(declared: unknown): Declared<boolean>
  /** The uploaded payload as an answer; a refusal where nobody has uploaded one. The behaviour says `readsPayload`. */
  payload(moment: Moment, response?: ResponseShape): EngineResponse | Refusal
  /**
   * The key of a record of the datapoint's own, in the scope that a request turns out to belong to: `keys` of the behaviour says
   * that it is wanted, `situation.record(key)` has it, an operation of the plan puts it. It ends with its session.
   */
  key(scope: string, ...names: readonly string[]): string
  /** Secrets of the environment that definitions name; undefined where there is none of the name. */
  environment(name: string): string | undefined
}

export interface DeclaredAnswer {
  /** Whether the behaviour has to say `readsBody` for it. */
  readonly readsBody: boolean
  /** Whether the behaviour may say `isStateless`, as far as it is concerned. */
  readonly isStateless: boolean
  /** `sources` are what its templates see beyond the request, such as `{ record: () => order }`. */
  of(moment: Moment, sources?: ScopeSources): EngineResponse | Promise<EngineResponse>
}

export interface Declared<Value> {
  readonly readsBody: boolean
  readonly isStateless: boolean
  of(scope: Scope): Value
}

/** The same for a pattern of a user's own, which imports none of this: what it imports may be another copy of the engine. */
export function customContext<Datapoint extends DatapointShape, Endpoint extends EndpointShape>(
  context: CompileContext,
): CustomContext<Datapoint, Endpoint> {
  const { partner, datapoint, endpoint, position, options, services } = context
  return {
    partner,
    // What the pattern's own schema has parsed is of the types that it says.
    datapoint: datapoint as DatapointShape as Datapoint,
    endpoint: endpoint as EndpointShape as Endpoint,
    position,
    answer(response = endpoint.response) {
      const answer = compileAnswer(response, options)
      return {
        ...needsOf(answer),
        of(moment, sources) {
          const scope = sources === undefined ? moment.scope : extendScope(moment.scope, sources)
          return renderAnswer(services.storage, answer, { ...moment, scope })
        },
      }
    },
    value(declared) {
      const value = compileValue(declared, options)
      return { ...needsOf(value), of: value }
    },
    condition(declared) {
      const condition = compileCondition(declared, options)
      return { ...needsOf(condition), of: condition }
    },
    payload({ situation, scope }, response = endpoint.response) {
      const { payload } = situation
      return payload === null
        ? refuseNoPayload(partner, datapoint.name, situation)
        : payloadAnswer(response, options)(payload, scope)
    },
    key: (scope, ...names) => keys.own(scope, partner, datapoint.name, ...names),
    environment: services.environment,
  }
}

function needsOf({ reads }: { readonly reads: readonly string[] }) {
  return { readsBody: readsBody(reads), isStateless: isStateless(reads) }
}
