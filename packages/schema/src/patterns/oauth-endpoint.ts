import * as z from 'zod'
import { capture } from '../fields/capture.ts'
import { duration } from '../fields/duration.ts'
import { endpointFields } from '../fields/endpoint.ts'
import { grants } from '../fields/grant.ts'
import { oneOf, text, truth, wholeNumber } from '../fields/leaf.ts'
import { bodyField, responseFields, status } from '../fields/response.ts'
import { responsesOf } from '../fields/responses.ts'
import { mapping } from '../language-mapping.ts'

export const oauthOperations = [
  ...(['authorize', 'device', 'introspect', 'revoke', 'userinfo', 'jwks', 'discovery'] as const),
] as const
export type OauthOperation = (typeof oauthOperations)[number]

/** Who asks for a token has none yet: `auth` of `defaults` does not concern these endpoints. */
const { auth: _auth, ...fields } = endpointFields

const members = (what: string) => z.record(z.string(), z.unknown(), { error: 'a mapping' }).optional().describe(what)

const seconds = 'a whole number of seconds, at least 1'

/** `claims` of a datapoint, or of one answer. */
export const claims = members(
  'Claims of the tokens beside the usual ones, or instead of them; values may be templates.',
)

const response = mapping({
  status: status.optional().describe('The HTTP status: 302 for `authorize`, 200 otherwise.'),
  ...responseFields,
  body: bodyField.body.describe('Of `userinfo`: the body; by default what the token says of its user.'),
  token_type: text('a token type such as Bearer')
    .optional()
    .describe('Value of `token_type` in the answer, by default Bearer.'),
  expires_in: wholeNumber(seconds, { min: 1 })
    .optional()
    .describe('Lifetime of the token in seconds, by default 3600; of a code of `authorize` 600, of `device` 1800.'),
  refresh_token: oneOf(['rotate', 'keep'])
    .optional()
    .describe(
      'Also gives a refresh token: `rotate` gives a new one with each use and voids the old one, `keep` gives one for all.',
    ),
  refresh_expires_in: wholeNumber(seconds, { min: 1 })
    .optional()
    .describe('Lifetime of the refresh token in seconds, by default 30 days.'),
  id_token: truth().optional().describe('Also gives an id token (OpenID Connect) where the scope has `openid`.'),
  claims,
  extra: members(
    'Members of the answer beside the usual ones; values may be templates, in which `token` is the new one.',
  ),
  interval: wholeNumber('a whole number of seconds', { min: 0 })
    .optional()
    .describe('Of `device`: how many seconds lie between two polls, by default 5; sooner is `slow_down`.'),
  verification_uri: text('a URL, or a template of one')
    .optional()
    .describe('Of `device`: the page that the user is sent to.'),
  error: text('an error code such as access_denied', /^[!#-[\]-~]+$/)
    .optional()
    .describe('Answers with this error of RFC 6749 instead; `authorize` sends it to the client by redirect.'),
  error_description: text('text').optional().describe('What `error` is about, for people.'),
})
  .prefault({})
  .describe('The answer.')

type Response = z.output<typeof response>

export const endpoint = mapping({
  ...fields,
  grant: grants,
  operation: oneOf(oauthOperations).optional().describe('What the endpoint does, where it is not a token endpoint.'),
  capture,
  pending: mapping({
    polls: wholeNumber('a whole number, at least 1', { min: 1 })
      .optional()
      .describe('So many polls are answered with authorization_pending.'),
    for: duration.optional().describe("So long polls are answered with authorization_pending, on the session's clock."),
  })
    .optional()
    .describe('Of `device`: when the user consents; absent: at once.'),
  responses: responsesOf(response),
  response,
}).transform(({ response, responses, ...rest }) => ({
  ...rest,
  ...(responses !== undefined && {
    responses: responses.map((choice) => ({ ...choice, response: completed(choice.response, rest.operation) })),
  }),
  response: completed(response, rest.operation),
}))

const lifetimes: { readonly [Operation in OauthOperation]?: number } = { authorize: 600, device: 1800 }

/** An error at an endpoint that does not redirect is the answer of RFC 6749, section 5.2. */
function completed(response: Response, operation: OauthOperation | undefined) {
  const { status, error, error_description: text } = response
  const redirects = operation === 'authorize'
  const fails = error !== undefined && !redirects
  return {
    ...response,
    ...(fails && { body: response.body ?? { error, ...(text !== undefined && { error_description: text }) } }),
    status: status ?? (redirects ? 302 : fails ? 400 : 200),
    token_type: response.token_type ?? 'Bearer',
    expires_in: response.expires_in ?? lifetimes[operation ?? 'introspect'] ?? 3600,
  }
}
