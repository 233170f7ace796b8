import type { StaticDatapoint } from '@imnot/schema'
import { compileResponse } from '../http/declared-response.ts'
import { behaviourOf } from './pattern.ts'

/** The declared answer, whatever the request says. */
export const staticBehaviour = behaviourOf<StaticDatapoint>('static', ({ endpoint }) => {
  const fixed = compileResponse(endpoint.response)
  return { fixed, plan: () => ({ answer: fixed }) }
})
