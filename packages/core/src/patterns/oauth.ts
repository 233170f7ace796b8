import { randomUUID } from 'node:crypto'
import type { OauthDatapoint } from '@imnot/schema'
import { compileHeaders, mergeHeaders } from '../answers/headers.ts'
import { respondJson } from '../http/respond.ts'
import { readsBody } from '../rendering/renderer.ts'
import { signToken } from '../tokens/sign-token.ts'
import { behaviourOf } from './pattern.ts'

/** A token for any caller: a JWT signed with the server's own key. */
export const oauthBehaviour = behaviourOf<OauthDatapoint>(
  'oauth',
  ({ partner, datapoint, endpoint, options, services }) => {
    const { status, token_type: type, expires_in: expiresIn, headers } = endpoint.response
    // RFC 6749, section 5.1: an answer that carries a token is never to be stored.
    const own = compileHeaders(mergeHeaders({ 'cache-control': 'no-store', pragma: 'no-cache' }, headers), options)
    return {
      readsBody: readsBody(own.reads),
      async plan({ scope }) {
        // RFC 7519, section 2: a NumericDate counts seconds.
        const issuedAt = Math.floor(services.clock.now() / 1000)
        const token = await signToken(services.secrets, {
          iss: 'imnot',
          sub: partner,
          aud: `${partner}/${datapoint.name}`,
          iat: issuedAt,
          exp: issuedAt + expiresIn,
          jti: randomUUID(),
        })
        return {
          answer: respondJson(status, { access_token: token, token_type: type, expires_in: expiresIn }, own(scope)),
        }
      },
    }
  },
)
