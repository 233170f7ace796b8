import { compileAnswer } from '../../answers/answer.ts'
import { renderAnswer } from '../../answers/render-answer.ts'
import { refuse } from '../../auth/refuse.ts'
import { tokenWay } from '../../auth/token-way.ts'
import { flowView } from '../../flows/flow-view.ts'
import { respondJson } from '../../http/respond.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import { extendScope } from '../../rendering/scope.ts'
import { flowOf, recordsOf } from '../../tokens/token-records.ts'
import { compileMembers } from '../members.ts'
import { compileProvider, type OauthContext } from '../provider.ts'

/** Claims that say something of the token, and nothing of its user. */
const ofToken: readonly string[] = ['iss', 'aud', 'iat', 'exp', 'nbf', 'jti', 'scope', 'client_id', 'azp']

/** OpenID Connect Core 1.0, section 5.3: what the token says of its user, or the declared body. */
export function compileUserinfo(context: OauthContext): EndpointBehaviour {
  const { partner, datapoint, endpoint, options, services } = context
  const { status, extra, body } = endpoint.response
  const provider = compileProvider(context)
  const extraOf = compileMembers([extra], options)
  const declared = body === undefined ? null : compileAnswer(endpoint.response, options)
  const way = tokenWay({ oauth: datapoint.name }, partner)
  return {
    readsBody: endpoint.method.includes('POST'),
    keys: (_scope, { credential }) => recordsOf(credential.token),
    async plan(moment) {
      const miss = way.check(moment)
      if (miss !== null) return { answer: refuse([miss]) }
      const { token } = moment.exchange.credential
      const flow = token === null ? null : flowOf(token, moment.situation)
      const scope = flow === null ? moment.scope : extendScope(moment.scope, { flow: () => flowView(flow) })
      if (declared !== null) return { answer: await renderAnswer(services.storage, declared, { ...moment, scope }) }
      const claims = Object.entries(token?.claims ?? {})
      const ofUser = Object.fromEntries(claims.filter(([name]) => !ofToken.includes(name)))
      return { answer: respondJson(status, { ...ofUser, ...extraOf(scope) }, provider.headersOf(scope)) }
    },
  }
}
