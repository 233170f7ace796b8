import { type Condition, compileCondition } from '../conditions/condition.ts'
import { compileWithEffects } from '../effects/with-effects.ts'
import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
import type { CompileContext, EndpointBehaviour, PatternBehaviour } from '../patterns/pattern.ts'
import { isStateless, readsBody } from '../rendering/renderer.ts'
import { compileAnswer } from './answer.ts'
import { renderAnswer } from './render-answer.ts'

type Endpoint = CompileContext['endpoint']

interface Choice {
  readonly when: Condition | null
  readonly times: number | null
  readonly behaviour: EndpointBehaviour
}

/**
 * The behaviour of an endpoint with `responses`: that of the first whose `when` holds and whose `times` are not used up, else
 * of its `response`. An answer of 400 or more that is chosen so is an answer and nothing else: the pattern is asked for no more
 * than whether there is what the request is about.
 */
export function compileResponses(
  context: CompileContext,
  pattern: PatternBehaviour,
  withResponse: (response: Endpoint['response']) => Endpoint,
): EndpointBehaviour {
  const fallback = compileWithEffects(pattern, context)
  const declared = context.endpoint.responses ?? []
  if (declared.length === 0) return fallback
  const choices = declared.map(({ when, times, response }): Choice => {
    const inner = { ...context, endpoint: withResponse(response as Endpoint['response']) }
    return {
      when: when === undefined ? null : compileCondition(when, context.options),
      times: times ?? null,
      behaviour: inner.endpoint.response.status >= 400 ? compileFailure(inner) : compileWithEffects(pattern, inner),
    }
  })
  const behaviours = [...choices.map((choice) => choice.behaviour), fallback]
  const conditions = choices.flatMap(({ when }) => (when === null ? [] : [when]))
  const { flowId, flowAlias, credentialOf, arrive, refuse, keys, lists } = fallback
  return {
    ...(flowId !== undefined && { flowId }),
    ...(flowAlias !== undefined && { flowAlias }),
    ...(credentialOf !== undefined && { credentialOf }),
    ...(arrive !== undefined && { arrive }),
    ...(keys !== undefined && { keys }),
    ...(lists !== undefined && { lists }),
    isStateless:
      behaviours.every((behaviour) => behaviour.isStateless === true) &&
      choices.every(({ times }) => times === null) &&
      conditions.every((condition) => isStateless(condition.reads)),
    readsBody:
      behaviours.some((behaviour) => behaviour.readsBody) || conditions.some((condition) => condition.readsBody),
    readsPayload: behaviours.some((behaviour) => behaviour.readsPayload),
    async plan(moment) {
      const refused = (await refuse?.(moment)) ?? null
      if (refused !== null) return { answer: refused }
      for (const [index, choice] of choices.entries()) {
        if (choice.when !== null && !choice.when(moment.scope)) continue
        if (choice.times !== null && (await countUse(context, moment, index)) > choice.times) continue
        return choice.behaviour.plan(moment)
      }
      return fallback.plan(moment)
    },
  }
}

function compileFailure({ endpoint, options, services }: CompileContext): EndpointBehaviour {
  const answer = compileAnswer(endpoint.response, options)
  return {
    isStateless: isStateless(answer.reads),
    readsBody: readsBody(answer.reads),
    plan: async (moment) => ({ answer: await renderAnswer(services.storage, answer, moment) }),
  }
}

/** Once for each request, however often its attempt is made again; a HEAD that is answered as the GET would be uses nothing up. */
async function countUse(context: CompileContext, { exchange, situation }: Moment, index: number): Promise<number> {
  const known = exchange.uses.get(index)
  if (known !== undefined) return known
  const { partner, datapoint, position, services } = context
  const key = keys.counter(situation.scope, 'times', partner, datapoint.name, String(position), String(index))
  const count = exchange.passive
    ? (await services.storage.increment(key, { by: 0 })) + 1
    : await services.storage.increment(key)
  exchange.uses.set(index, count)
  return count
}
