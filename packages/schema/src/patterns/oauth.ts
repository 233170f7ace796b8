import type * as z from 'zod'
import { clients } from '../fields/clients.ts'
import { oneOf, text } from '../fields/leaf.ts'
import { claims, endpoint } from './oauth-endpoint.ts'
import { checkOauthDatapoint, checkOauthEndpoint } from './oauth-rules.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'oauth'
const summary = 'Token endpoints: OAuth 2.0 and OpenID Connect, from one token for any caller to every grant.'

const fields = {
  clients,
  claims,
  algorithm: oneOf(['ES256', 'RS256']).default('ES256').describe('How tokens are signed.'),
  issuer: text('a URL, or a template of one')
    .optional()
    .describe("Claim `iss` and the issuer of the discovery document; by default the server's own URL."),
}
const datapoint = datapointSchema({ name, summary, endpoint, fields })

export type OauthDatapoint = z.output<typeof datapoint>
export type OauthEndpoint = OauthDatapoint['endpoints'][number]

export const oauthPattern = {
  name,
  aliases: [],
  summary,
  takesPayload: false,
  issuesTokens: true,
  datapoint,
  endpoint,
  checkEndpoint: checkOauthEndpoint,
  checkDatapoint: checkOauthDatapoint,
} satisfies PatternSchema
