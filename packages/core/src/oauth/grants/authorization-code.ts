import { createHash } from 'node:crypto'
import { isSameSecret } from '../../auth/same-secret.ts'
import type { GrantKind } from '../granted.ts'
import { isOauthError, oauthError } from '../oauth-error.ts'
import { liveGrant } from './live-grant.ts'

/** RFC 6749, section 4.1.3, and RFC 7636, section 4.6. */
export const authorizationCodeGrant: GrantKind = (asked) => {
  const { fields } = asked
  if (fields('code') === null) return oauthError('invalid_request', 'code is missing')
  const live = liveGrant(asked, 'code')
  if (isOauthError(live)) return live
  const { grant, flow } = live
  const redirectUri = fields('redirect_uri')
  if (grant.redirectUri != null && redirectUri !== grant.redirectUri) {
    const found = redirectUri === null ? 'is missing' : 'is another one'
    return oauthError('invalid_grant', `redirect_uri ${found}; the authorization request had ${grant.redirectUri}`)
  }
  const fault = verifierFault(fields('code_verifier'), grant.challenge)
  if (fault !== null) return oauthError('invalid_grant', fault)
  return {
    subject: grant.claims?.sub as string,
    scope: grant.scope,
    audience: grant.audience ?? null,
    flow,
    isRefreshable: true,
    nonce: grant.nonce,
    authTime: grant.authTime,
  }
}

function verifierFault(
  verifier: string | null,
  challenge: { readonly method: string; readonly value: string } | undefined,
): string | null {
  if (challenge === undefined) {
    return verifier === null ? null : 'code_verifier came, and the authorization request had no code_challenge'
  }
  if (verifier === null) return 'code_verifier is missing; the authorization request had a code_challenge'
  const derived = challenge.method === 'S256' ? createHash('sha256').update(verifier).digest('base64url') : verifier
  return isSameSecret(derived, challenge.value) ? null : 'code_verifier does not fit the code_challenge'
}
