import type { StaticDatapoint } from '@imnot/schema'
import { compileAnswer } from '../answers/answer.ts'
import { renderAnswer } from '../answers/render-answer.ts'
import { isStateless, readsBody } from '../rendering/renderer.ts'
import { behaviourOf, type EndpointBehaviour } from './pattern.ts'

/** The declared answer; its templates see the request. */
export const staticBehaviour = behaviourOf<StaticDatapoint>(
  'static',
  ({ endpoint, options, services }): EndpointBehaviour => {
    const answer = compileAnswer(endpoint.response, options)
    const { fixed, reads } = answer
    if (fixed !== null) return { fixed, isStateless: true, plan: () => ({ answer: fixed }) }
    return {
      isStateless: isStateless(reads),
      readsBody: readsBody(reads),
      plan(moment) {
        const response = renderAnswer(services.storage, answer, moment)
        return response instanceof Promise ? response.then((answer) => ({ answer })) : { answer: response }
      },
    }
  },
)
