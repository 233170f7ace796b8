import { listOf } from '../fields.ts'
import type { GrantKind } from '../granted.ts'
import { isOauthError, oauthError } from '../oauth-error.ts'
import { liveGrant } from './live-grant.ts'

/** RFC 6749, section 6. */
export const refreshTokenGrant: GrantKind = (asked) => {
  const { fields } = asked
  if (fields('refresh_token') === null) return oauthError('invalid_request', 'refresh_token is missing')
  const live = liveGrant(asked, 'refresh')
  if (isOauthError(live)) return live
  const { grant, flow } = live
  const scope = fields('scope') ?? grant.scope
  const more = listOf(scope).filter((one) => !listOf(grant.scope).includes(one))
  if (more.length > 0) {
    return oauthError('invalid_scope', `${more.join(' ')} was not granted; granted was ${grant.scope ?? 'no scope'}`)
  }
  const { sub, ...claims } = grant.claims ?? {}
  return {
    subject: sub as string,
    scope,
    audience: grant.audience ?? null,
    claims,
    flow,
    isRefreshable: true,
    isRenewal: true,
    authTime: grant.authTime,
  }
}
