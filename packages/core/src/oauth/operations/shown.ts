import type { Credential } from '../../handling/credential.ts'
import type { Exchange } from '../../handling/exchange.ts'
import type { Moment } from '../../handling/moment.ts'
import type { EngineResponse } from '../../http/messages.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import { recordsOf } from '../../tokens/token-records.ts'
import { fieldsOf } from '../fields.ts'
import { answerOauthError, isOauthError, oauthError } from '../oauth-error.ts'
import type { Provider } from '../provider.ts'

/** Why a request about a token gets no answer to it: its client is not who it says, or it shows none. Null where it gets one. */
export function refuseQuestion(provider: Provider, { exchange, scope }: Moment): EngineResponse | null {
  const fields = fieldsOf(exchange)
  const client = provider.clients.authenticate(exchange, fields)
  if (isOauthError(client)) return answerOauthError(client, provider.headersOf(scope))
  if (fields('token') !== null) return null
  return answerOauthError(oauthError('invalid_request', 'token is missing'), provider.headersOf(scope))
}

/** For operations about a token that stands in the field `token`: an access token, or a refresh token. */
export function shownToken({
  name,
  tokens,
  grants,
}: Provider): Pick<EndpointBehaviour, 'credentialOf' | 'flowId' | 'keys'> {
  return {
    async credentialOf(exchange: Exchange): Promise<Credential> {
      const text = fieldsOf(exchange)('token')
      if (text === null) return { token: null, grant: null }
      const [token, grant] = await Promise.all([tokens.recognise(text), grants.read(text)])
      return { token: token?.issuer === name ? token : null, grant: grant?.issuer === name ? grant : null }
    },
    flowId: ({ credential }) => credential.grant?.flow ?? credential.token?.flow ?? null,
    keys: (_scope, { credential }) => recordsOf(credential.token),
  }
}
