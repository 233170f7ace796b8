import type { Exchange } from '../handling/exchange.ts'
import { respondJson } from '../http/respond.ts'
import type { EndpointBehaviour, Plan } from '../patterns/pattern.ts'
import { fieldsOf } from './fields.ts'
import type { Grant } from './grant.ts'
import { carriers, grantKind } from './grants/registry.ts'
import { compileIssuing } from './issue.ts'
import { answerOauthError, isOauthError, type OauthError, oauthError } from './oauth-error.ts'
import { compileProvider, type OauthContext } from './provider.ts'

/** An endpoint that hands out tokens: without `grant` to any caller, else by the grants that it takes. */
export function compileTokenEndpoint(context: OauthContext): EndpointBehaviour {
  const { endpoint } = context
  const { grant: types } = endpoint
  const provider = compileProvider(context)
  const issue = compileIssuing(context, provider)

  async function planOf(moment: Parameters<EndpointBehaviour['plan']>[0]): Promise<Plan | OauthError> {
    const { exchange } = moment
    const fields = fieldsOf(exchange)
    const client = provider.clients.authenticate(exchange, fields)
    if (isOauthError(client)) return client
    const type = fields('grant_type')
    if (types !== undefined && type === null) {
      return oauthError('invalid_request', `grant_type is missing; this endpoint takes ${types.join(', ')}`)
    }
    if (types !== undefined && !types.includes(type ?? '')) {
      return oauthError('unsupported_grant_type', `this endpoint takes ${types.join(', ')}, and not ${type}`)
    }
    const kind = grantKind(types === undefined ? 'client_credentials' : (type ?? ''))
    const granted = await kind({ provider, fields, client, moment, grant: exchange.credential.grant })
    if (isOauthError(granted)) return granted
    const { answer, flow } = await issue(granted, client, moment)
    const { status } = endpoint.response
    return { answer: respondJson(status, answer, provider.headersOf(moment.scope)), ...(flow !== null && { flow }) }
  }

  return {
    // A client shows its id in the form, and the session may follow it.
    readsBody: true,
    flowId: ({ credential }) => credential.grant?.flow ?? null,
    ...(types !== undefined && { credentialOf: async (exchange) => ({ token: null, grant: await grantIn(exchange) }) }),
    async plan(moment) {
      const plan = await planOf(moment)
      if (!isOauthError(plan)) return plan
      const answer = answerOauthError(plan, provider.headersOf(moment.scope))
      return plan.flow === undefined ? { answer } : { answer, flow: plan.flow }
    },
  }

  async function grantIn(exchange: Exchange): Promise<Grant | null> {
    const fields = fieldsOf(exchange)
    for (const name of carriers) {
      const text = fields(name)
      const grant = text === null ? null : await provider.grants.read(text)
      if (grant?.issuer === provider.name) return grant
    }
    return null
  }
}
