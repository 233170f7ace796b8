import type { OauthOperation } from '@imnot/schema'
import { respondJson } from '../../http/respond.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import { urlOf } from '../issuer.ts'
import { compileMembers, type Members } from '../members.ts'
import { compileProvider, type OauthContext } from '../provider.ts'

const lines: { readonly [Operation in OauthOperation]?: string } = {
  authorize: 'authorization_endpoint',
  device: 'device_authorization_endpoint',
  introspect: 'introspection_endpoint',
  revoke: 'revocation_endpoint',
  userinfo: 'userinfo_endpoint',
  jwks: 'jwks_uri',
}

/** OpenID Connect Discovery 1.0 and RFC 8414: what the datapoint has, and what any endpoint of the partner advertises. */
export function compileDiscovery(context: OauthContext): EndpointBehaviour {
  const { datapoint, definition, endpoint, options } = context
  const provider = compileProvider(context)
  const { status, extra } = endpoint.response
  const paths = new Map<string, string>()
  for (const { operation, path } of datapoint.endpoints) {
    const name = operation === undefined ? 'token_endpoint' : lines[operation]
    if (name !== undefined && !paths.has(name)) paths.set(name, path)
  }
  for (const { advertise, path } of definition.datapoints.flatMap(({ endpoints }) => endpoints)) {
    if (advertise !== undefined) paths.set(advertise, path)
  }
  const abilities = abilitiesOf(context)
  const extraOf = compileMembers([extra], options)
  return {
    plan({ exchange, scope }) {
      const urls = Object.fromEntries([...paths].map(([name, path]) => [name, urlOf(exchange, path)]))
      const document = { issuer: provider.issuerOf(exchange, scope), ...urls, ...abilities, ...extraOf(scope) }
      // It is public and says nothing of anybody: clients may keep it.
      const headers = provider.headersOf(scope)
      return { answer: respondJson(status, document, headers) }
    },
  }
}

function abilitiesOf({ datapoint }: OauthContext): Members {
  const { endpoints, clients = [], algorithm } = datapoint
  const types = [...new Set(endpoints.flatMap(({ grant = [] }) => grant))]
  const scopes = [...new Set(clients.flatMap((client) => client.scopes ?? []))]
  const answers = endpoints.flatMap(({ response, responses = [] }) => [
    response,
    ...responses.map((one) => one.response),
  ])
  const hasIdTokens = answers.some((response) => response.id_token === true)
  const authorizes = endpoints.some(({ operation }) => operation === 'authorize')
  return {
    response_types_supported: authorizes ? ['code'] : [],
    ...(authorizes && {
      response_modes_supported: ['query', 'fragment'],
      code_challenge_methods_supported: ['S256', 'plain'],
      authorization_response_iss_parameter_supported: true,
    }),
    ...(types.length > 0 && { grant_types_supported: types }),
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post', 'none'],
    ...(scopes.length > 0 && { scopes_supported: scopes }),
    ...(hasIdTokens && {
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: [algorithm],
    }),
  }
}
