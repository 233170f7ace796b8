import type { Credential } from '../../handling/credential.ts'
import type { Exchange } from '../../handling/exchange.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import { recordsOf } from '../../tokens/token-records.ts'
import { fieldsOf } from '../fields.ts'
import type { Provider } from '../provider.ts'

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
