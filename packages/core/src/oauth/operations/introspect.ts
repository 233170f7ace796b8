import { faultOf } from '../../auth/token-way.ts'
import { respondJson } from '../../http/respond.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import { extendScope } from '../../rendering/scope.ts'
import { compileMembers } from '../members.ts'
import { compileProvider, type OauthContext } from '../provider.ts'
import { refuseQuestion, shownToken } from './shown.ts'

/** RFC 7662: whether a token counts, and what it says. */
export function compileIntrospect(context: OauthContext): EndpointBehaviour {
  const { endpoint, options } = context
  const provider = compileProvider(context)
  const extraOf = compileMembers([endpoint.response.extra], options)
  const { status } = endpoint.response
  return {
    readsBody: true,
    ...shownToken(provider),
    async plan(moment) {
      const refused = refuseQuestion(provider, moment)
      if (refused !== null) return { answer: refused }
      const { exchange, situation, scope } = moment
      const headers = provider.headersOf(scope)
      const { token, grant } = exchange.credential
      if (token !== null && faultOf(token, situation) === null) {
        const claims = { ...token.claims, token_type: endpoint.response.token_type }
        const extra = extraOf(extendScope(scope, { token: () => token.claims }))
        return { answer: respondJson(status, { active: true, ...claims, ...extra }, headers) }
      }
      const isRefresh = grant?.kind === 'refresh' && situation.flow?.value.grant?.live === grant.id
      if (grant !== null && isRefresh && grant.expiresAt > situation.flowClock.now) {
        const known = { active: true, client_id: grant.client, scope: grant.scope, sub: grant.claims?.sub ?? null }
        const told = Object.fromEntries(Object.entries(known).filter(([, value]) => value !== null))
        return { answer: respondJson(status, told, headers) }
      }
      return { answer: respondJson(status, { active: false }, headers) }
    },
  }
}
