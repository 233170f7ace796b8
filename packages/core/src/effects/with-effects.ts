import { isRefusal } from '../answers/refusal.ts'
import { requestScope } from '../handling/scope-of-request.ts'
import type { CompileContext, EndpointBehaviour, PatternBehaviour } from '../patterns/pattern.ts'
import { listPrefixes, listsRead, loadLists } from '../records/records-read.ts'
import { recordWorkOf } from '../records/work-of.ts'
import { readsBody } from '../rendering/renderer.ts'
import { compileEffects } from './effects.ts'

/** The behaviour that the pattern gives an endpoint, with the endpoint's `effects` done before each of its answers. */
export function compileWithEffects(pattern: PatternBehaviour, context: CompileContext): EndpointBehaviour {
  const behaviour = pattern.compile(context)
  const { endpoint, resources, options, services } = context
  const { effects: declared = [] } = endpoint
  if (declared.length === 0 || pattern.ownsEffects === true) return behaviour
  const effects = compileEffects(declared, { resources, options })
  const lists = listsRead(resources, effects.reads)
  const { fixed: _fixed, ...rest } = behaviour
  return {
    ...rest,
    isStateless: false,
    readsBody: behaviour.readsBody === true || readsBody(effects.reads),
    keys: (scope, exchange) => [
      ...(behaviour.keys?.(scope, exchange) ?? []),
      ...effects.keys(scope, requestScope(exchange), exchange.params),
    ],
    lists: (scope, exchange) => [
      ...(behaviour.lists?.(scope, exchange) ?? []),
      ...listPrefixes(lists, exchange.params, scope),
    ],
    async plan(moment) {
      const { params } = moment.exchange
      const records = recordWorkOf(moment.situation, services.storage, moment.exchange.baseUrl)
      await loadLists(lists, params, records)
      const done = await effects.apply({ scope: moment.scope, records, params, subject: null })
      if (isRefusal(done)) return { answer: done }
      const plan = await behaviour.plan({ ...moment, scope: done.scope })
      if (isRefusal(plan.answer) || plan.answer.status >= 400 || plan.isInterim === true) return plan
      return { scope: done.scope, ...plan, operations: [...(plan.operations ?? []), ...records.operations()] }
    },
  }
}
