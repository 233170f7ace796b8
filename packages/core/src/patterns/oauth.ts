import type { OauthDatapoint } from '@imnot/schema'
import { compileAnswer } from '../answers/answer.ts'
import { mergeHeaders } from '../answers/headers.ts'
import { renderAnswer } from '../answers/render-answer.ts'
import { neverStored } from '../oauth/oauth-error.ts'
import { oauthOperations } from '../oauth/operations/registry.ts'
import type { OauthContext } from '../oauth/provider.ts'
import { compileTokenEndpoint } from '../oauth/token-endpoint.ts'
import { readsBody } from '../rendering/renderer.ts'
import { behaviourOf, type EndpointBehaviour } from './pattern.ts'

/** Tokens: JWTs signed with the server's own key, for any caller or by the grants of OAuth 2.0. */
export const oauthBehaviour = behaviourOf<OauthDatapoint>('oauth', (context) => {
  const { operation, response } = context.endpoint
  if (response.error !== undefined && operation !== 'authorize') return compileFailure(context)
  return operation === undefined ? compileTokenEndpoint(context) : oauthOperations[operation](context)
})

/** An endpoint that is told to fail. */
function compileFailure({ endpoint, options, services }: OauthContext): EndpointBehaviour {
  const { response } = endpoint
  const answer = compileAnswer({ ...response, headers: mergeHeaders(neverStored, response.headers) }, options)
  return {
    readsBody: readsBody(answer.reads),
    plan: async (moment) => ({ answer: await renderAnswer(services.storage, answer, moment) }),
  }
}
