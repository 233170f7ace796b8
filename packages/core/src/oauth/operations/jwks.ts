import { respondJson } from '../../http/respond.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import type { JsonValue } from '../../ports/storage.ts'
import { compileProvider, type OauthContext } from '../provider.ts'

/** RFC 7517, section 5: the key that checks the signatures of the tokens. */
export function compileJwks(context: OauthContext): EndpointBehaviour {
  const { status } = context.endpoint.response
  const provider = compileProvider(context)
  return {
    async plan({ scope }) {
      const { jwk } = await provider.tokens.keys.of(provider.algorithm)
      return { answer: respondJson(status, { keys: [jwk as JsonValue] }, provider.headersOf(scope)) }
    },
  }
}
