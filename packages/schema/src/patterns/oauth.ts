import type * as z from 'zod'
import { endpointFields } from '../fields/endpoint.ts'
import { text, wholeNumber } from '../fields/leaf.ts'
import { responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'
import { datapointSchema, type PatternSchema } from './pattern.ts'

const name = 'oauth'
const summary = 'A token endpoint: answers with an access token, its type and its lifetime.'

/** Who asks for a token has none yet: `auth` of `defaults` does not concern these endpoints. */
const { auth: _auth, ...fields } = endpointFields

const response = mapping({
  status: status.default(200),
  ...responseFields,
  token_type: text('a token type such as Bearer').default('Bearer').describe('Value of `token_type` in the answer.'),
  expires_in: wholeNumber('a whole number of seconds, at least 1', { min: 1 })
    .default(3600)
    .describe('Lifetime of the token in seconds, and value of `expires_in` in the answer.'),
})
  .prefault({})
  .describe('The answer.')
const endpoint = mapping({ ...fields, responses: responsesOf(response), response })
const datapoint = datapointSchema({ name, summary, endpoint, fields: {} })

export type OauthDatapoint = z.output<typeof datapoint>

export const oauthPattern = {
  name,
  aliases: [],
  summary,
  takesPayload: false,
  issuesTokens: true,
  datapoint,
  endpoint,
} satisfies PatternSchema
