import { decodeClaims } from '../../tokens/tokens.ts'
import { grantedScope } from '../clients.ts'
import { asText } from '../grant.ts'
import type { Asked, GrantKind } from '../granted.ts'
import { isOauthError, oauthError } from '../oauth-error.ts'

/** Grants that one request asks for and gets: `client_credentials`, and every type that only its provider knows. */
export const clientGrant: GrantKind = (asked) => directly(asked, asked.client.id ?? asked.provider.partner, false)

/** RFC 6749, section 4.3. The password may be anything: who wants it checked says so in `responses`. */
export const passwordGrant: GrantKind = (asked) => {
  const username = asked.fields('username')
  if (username === null) return oauthError('invalid_request', 'username is missing')
  if (asked.fields('password') === null) return oauthError('invalid_request', 'password is missing')
  return directly(asked, username, true)
}

/** RFC 7523, section 2.1. The mock knows no key of those who sign assertions, and believes them. */
export const jwtBearerGrant: GrantKind = (asked) => {
  const assertion = asked.fields('assertion')
  if (assertion === null) return oauthError('invalid_request', 'assertion is missing')
  const claims = decodeClaims(assertion)
  if (claims === null) return oauthError('invalid_grant', 'assertion is no JWT')
  const subject = asText(claims.sub) ?? asText(claims.iss)
  if (subject === null) return oauthError('invalid_grant', 'assertion has no sub and no iss')
  return directly(asked, subject, false, asText(claims.scope))
}

/** RFC 8693, section 2.1. */
export const tokenExchangeGrant: GrantKind = (asked) => {
  const subjectToken = asked.fields('subject_token')
  if (subjectToken === null) return oauthError('invalid_request', 'subject_token is missing')
  if (asked.fields('subject_token_type') === null) {
    return oauthError('invalid_request', 'subject_token_type is missing')
  }
  const subject = asText(decodeClaims(subjectToken)?.sub) ?? asked.client.id ?? asked.provider.partner
  const granted = directly(asked, subject, false)
  if (isOauthError(granted)) return granted
  return { ...granted, more: { issued_token_type: 'urn:ietf:params:oauth:token-type:access_token' } }
}

function directly(
  { client, fields }: Asked,
  subject: string,
  isRefreshable: boolean,
  scopeOfAssertion?: string | null,
) {
  const scope = grantedScope(client, fields('scope') ?? scopeOfAssertion ?? null)
  if (scope !== null && typeof scope === 'object') return scope
  return { subject, scope, audience: fields('audience') ?? fields('resource'), flow: null, isRefreshable }
}
