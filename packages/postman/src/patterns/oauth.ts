import type { OauthDatapoint, OauthEndpoint } from '@imnot/schema'
import type { Pair, RequestPlan } from '../requests/plan.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { type RequestContext, requestsOf } from './pattern.ts'

type Context = RequestContext<OauthDatapoint>

/** Asks for tokens, keeps them, and shows them to what asks for them. */
export const oauthRequests = requestsOf<OauthDatapoint>('oauth', {
  requests: (context) =>
    context.datapoint.endpoints.flatMap((endpoint) => {
      const own = endpoint.operation === undefined ? tokenRequest(context, endpoint) : operation(context, endpoint)
      return endpointPlans(context, endpoint, own)
    }),
})

function tokenRequest(context: Context, endpoint: OauthEndpoint): Partial<RequestPlan> {
  const { status, token_type, expires_in } = endpoint.response
  const answered = { access_token: 'eyJhbGciOiJFUzI1NiJ9.e30.example', token_type, expires_in }
  const token = context.variable('access_token', '', 'The token that was last handed out')
  return {
    body: { form: [...grantFields(context, endpoint), ...clientFields(context)] },
    captures: endpoint.method.every((method) => method === 'HEAD')
      ? []
      : [{ variable: token, from: { json: ['access_token'] } }],
    answer: { status, body: answered },
  }
}

/** The grant that needs nothing from before, where the endpoint takes one. */
function grantFields(context: Context, { grant = ['client_credentials'] }: OauthEndpoint): Pair[] {
  const type = ['client_credentials', 'password'].find((one) => grant.includes(one)) ?? grant[0] ?? ''
  const kept = (name: string): Pair => [name, context.variable(name, '', `The ${name} of the grant`)]
  const more: Readonly<Record<string, () => Pair[]>> = {
    password: () => [
      ['username', 'example'],
      ['password', 'example'],
    ],
    authorization_code: () => [kept('code'), ['redirect_uri', redirectUri(context)]],
    refresh_token: () => [kept('refresh_token')],
  }
  const isDevice = type.endsWith(':device_code')
  return [['grant_type', type], ...(isDevice ? [kept('device_code')] : (more[type]?.() ?? []))]
}

function clientFields(context: Context): Pair[] {
  const [first] = context.datapoint.clients ?? []
  if (first === undefined) {
    return [
      ['client_id', 'example'],
      ['client_secret', 'example'],
    ]
  }
  const secret =
    first.secret_env === undefined ? first.secret : context.variable('client_secret', '', `The secret of ${first.id}`)
  return [['client_id', first.id], ...(secret === undefined ? [] : [['client_secret', secret] as const])]
}

function operation(context: Context, endpoint: OauthEndpoint): Partial<RequestPlan> {
  const token = context.variable('access_token', '', 'The token that was last handed out')
  const scope = context.datapoint.clients?.[0]?.scopes?.join(' ')
  switch (endpoint.operation) {
    case 'authorize':
      return {
        query: [
          ['response_type', 'code'],
          ['client_id', context.datapoint.clients?.[0]?.id ?? 'example'],
          ['redirect_uri', redirectUri(context)],
          ...(scope === undefined ? [] : [['scope', scope] as const]),
          ['code_challenge', 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM'],
          ['code_challenge_method', 'S256'],
        ],
        followsRedirects: false,
      }
    case 'device':
      return { body: { form: clientFields(context) } }
    case 'introspect':
    case 'revoke':
      return { body: { form: [['token', token], ...clientFields(context)] } }
    case 'userinfo':
      return { bearer: token }
    default:
      return {}
  }
}

function redirectUri({ datapoint }: Context): string {
  return datapoint.clients?.[0]?.redirect_uris?.[0] ?? 'http://127.0.0.1/callback'
}
