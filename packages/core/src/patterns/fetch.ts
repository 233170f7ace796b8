import type { FetchDatapoint } from '@imnot/schema'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import { readsBody } from '../rendering/renderer.ts'
import { behaviourOf } from './pattern.ts'

/** The uploaded payload, at once. */
export const fetchBehaviour = behaviourOf<FetchDatapoint>('fetch', ({ partner, datapoint, endpoint, options }) => {
  const answer = payloadAnswer(endpoint.response, options)
  return {
    readsBody: readsBody(answer.reads),
    readsPayload: true,
    plan: ({ scope, situation }) => ({
      answer: situation.payload
        ? answer(situation.payload, scope)
        : refuseNoPayload(partner, datapoint.name, situation),
    }),
  }
})
