import { mergeHeaders } from '../answers/headers.ts'
import { compileRefusals, type Refusals } from '../answers/refusals.ts'
import { compileResponses } from '../answers/responses.ts'
import { type Condition, compileCondition } from '../conditions/condition.ts'
import type { EndpointFeature, FeatureCompiler } from '../features/feature.ts'
import type { CompileContext, EndpointBehaviour, PatternBehaviour } from '../patterns/pattern.ts'
import { payloadParameters } from '../payloads/payload-params.ts'
import { readsBody } from '../rendering/renderer.ts'
import { type Needs, needsOf } from './needs.ts'

/** What an endpoint is compiled to, beside where it is. */
export interface CompiledEndpoint {
  /** Null: it answers every request of its route. */
  readonly when: Condition | null
  readonly behaviour: EndpointBehaviour
  readonly features: readonly EndpointFeature[]
  readonly refusals: Refusals
  /** Whether the request's body has to be there, for whatever of these. */
  readonly readsBody: boolean
  readonly needs: Needs
  /** Those of the features that see the answer go out, the first one last. */
  readonly responders: readonly EndpointFeature[]
  /** As in `EndpointFeature`; absent: the token is in `Authorization`. */
  readonly tokenOf?: EndpointFeature['tokenOf']
  /** Bytes; null: the engine's own limit. */
  readonly bodyLimit: number | null
  /** Whether a request without a session needs nothing from the storage. */
  readonly isStateless: boolean
  /** The path parameters that its payloads may be keyed by. */
  readonly payloadParams: readonly string[]
}

export function compileEndpoint(
  context: CompileContext,
  pattern: PatternBehaviour,
  compilers: readonly FeatureCompiler[],
): CompiledEndpoint {
  const { endpoint, options } = context
  const inherited = endpoint.inherited ?? {}
  const defaultHeaders = inherited.headers ?? {}
  const full: CompileContext = {
    ...context,
    endpoint: withHeaders(endpoint, defaultHeaders),
    options: { ...options, ...(inherited.content_type !== undefined && { contentType: inherited.content_type }) },
  }
  const when = endpoint.when === undefined ? null : compileCondition(endpoint.when, options)
  const behaviour = compileResponses(full, pattern, (response) =>
    withHeaders({ ...endpoint, response }, defaultHeaders),
  )
  const features = compilers.map((compile) => compile(full)).filter((feature) => feature !== null)
  const tokenOf = features.find((feature) => feature.tokenOf !== undefined)?.tokenOf
  const refusals = compileRefusals(endpoint.errors ?? {}, { ...full.options, defaultHeaders })
  const needs = needsOf(behaviour, features)
  return {
    when,
    behaviour,
    features,
    ...(tokenOf !== undefined && { tokenOf }),
    refusals,
    needs,
    responders: features.filter((feature) => feature.respond !== undefined).reverse(),
    payloadParams: needs.payload ? payloadParameters(endpoint) : [],
    bodyLimit: endpoint.body_limit ?? null,
    readsBody:
      endpoint.body_limit !== undefined ||
      behaviour.readsBody === true ||
      when?.readsBody === true ||
      features.some((feature) => feature.readsBody) ||
      readsBody(refusals.reads),
    isStateless: behaviour.isStateless === true && features.every((feature) => feature.isStateless === true),
  }
}

function withHeaders(
  endpoint: CompileContext['endpoint'],
  defaults: Parameters<typeof mergeHeaders>[0],
): CompileContext['endpoint'] {
  const { response } = endpoint
  const headers = mergeHeaders(defaults, response.headers)
  return headers === response.headers
    ? endpoint
    : ({ ...endpoint, response: { ...response, headers } } as typeof endpoint)
}
