import { randomUUID } from 'node:crypto'
import type { OauthDatapoint } from '@imnot/schema'
import { compileHeaders, mergeHeaders } from '../answers/headers.ts'
import { respondJson } from '../http/respond.ts'
import { behaviourOf } from './pattern.ts'

/** A token for any caller: a JWT signed with the server's own key. */
export const oauthBehaviour = behaviourOf<OauthDatapoint>(
  'oauth',
  ({ partner, datapoint, endpoint, options, services }) => {
    const { status, token_type: type, expires_in: expiresIn, headers } = endpoint.response
    // RFC 6749, section 5.1: an answer that carries a token is never to be stored.
    const own = compileHeaders(mergeHeaders({ 'cache-control': 'no-store', pragma: 'no-cache' }, headers), options)
    const issuer = `${partner}/${datapoint.name}`
    return {
      // A client shows its id in the form, and the session may follow it.
      readsBody: true,
      async plan({ scope, situation }) {
        // RFC 7519, section 2: a NumericDate counts seconds. Receivers check it against the wall clock.
        const issuedAt = Math.floor(situation.now / 1000)
        const token = await services.tokens.issue({
          claims: {
            iss: 'imnot',
            sub: partner,
            aud: issuer,
            iat: issuedAt,
            exp: issuedAt + expiresIn,
            jti: randomUUID(),
          },
          issuer,
          session: situation.session?.value.id ?? null,
          expiresAt: situation.clock.now + expiresIn * 1000,
          flow: null,
        })
        return {
          answer: respondJson(status, { access_token: token, token_type: type, expires_in: expiresIn }, own(scope)),
        }
      },
    }
  },
)
