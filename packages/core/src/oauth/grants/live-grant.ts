import type { FlowState } from '../../flows/flow-record.ts'
import type { Grant } from '../grant.ts'
import type { Asked } from '../granted.ts'
import { type OauthError, oauthError } from '../oauth-error.ts'

interface Live {
  readonly grant: Grant
  readonly flow: FlowState
}

/** The grant that the request's code or refresh token is of, if it counts: issued here, to this client, in time, and not used up. */
export function liveGrant({ provider, client, moment, grant }: Asked, kind: Grant['kind']): Live | OauthError {
  const what = names[kind]
  const { flow, flowClock } = moment.situation
  if (grant === null || grant.kind !== kind || grant.issuer !== provider.name) {
    return oauthError('invalid_grant', `the ${what} is none that ${provider.name} issued`)
  }
  if (grant.client !== client.id) {
    return oauthError('invalid_grant', `the ${what} was issued to the client ${grant.client ?? 'without id'}`)
  }
  // The flow goes when nothing of it counts any more.
  if (grant.expiresAt <= flowClock.now) {
    const error = kind === 'device' ? 'expired_token' : 'invalid_grant'
    return oauthError(error, `the ${what} has expired`)
  }
  if (flow === null) return oauthError('invalid_grant', `the ${what} is of a grant that is gone`)
  const state = flow.value.grant
  if (state?.revoked === true) return oauthError('invalid_grant', `the ${what} was revoked`)
  if (flow.value.steered === 'fail') return oauthError('access_denied', 'the user has refused')
  if (state?.live !== grant.id) return oauthError('invalid_grant', `the ${what} was used before, and counts once only`)
  return { grant, flow }
}

const names: Readonly<Record<Grant['kind'], string>> = {
  code: 'code',
  device: 'device code',
  refresh: 'refresh token',
}
