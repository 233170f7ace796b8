import type { FetchDatapoint } from '@imnot/schema'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import { behaviourOf } from './pattern.ts'

/** The uploaded payload, at once. */
export const fetchBehaviour = behaviourOf<FetchDatapoint>('fetch', ({ partner, datapoint, endpoint }) => {
  const answer = payloadAnswer(endpoint.response)
  return {
    readsPayload: true,
    plan: (_exchange, situation) => ({
      answer: situation.payload ? answer(situation.payload) : refuseNoPayload(partner, datapoint.name, situation),
    }),
  }
})
