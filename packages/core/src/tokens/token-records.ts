import { type FlowState, readFlow } from '../flows/flow-record.ts'
import type { Situation } from '../handling/situation.ts'
import { keys } from '../keys.ts'
import type { Token } from './tokens.ts'

/** The records that concern a token; all that is read of them goes in the storage call that the request makes anyway. */
export function recordsOf(token: Token | null): string[] {
  return token === null ? [] : [revocationKey(token), flowKey(token)].filter((key) => key !== null)
}

/** Where it is written down that a token counts no longer; null where it has no id by which to find it. */
export function revocationKey({ claims, session }: Token): string | null {
  const { jti } = claims
  return typeof jti === 'string' ? keys.revocation(keys.scope(session), jti) : null
}

function flowKey({ flow, issuer, session }: Token): string | null {
  const [partner = '', datapoint = ''] = issuer.split('/')
  return flow === null ? null : keys.flow(keys.scope(session), flow, partner, datapoint)
}

/** The flow of the grant that the token comes from; null where there is none, or it is gone. */
export function flowOf(token: Token, { record }: Situation): FlowState | null {
  const key = flowKey(token)
  return key === null ? null : readFlow(record(key))
}

export function isRevoked(token: Token, situation: Situation): boolean {
  const key = revocationKey(token)
  if (key !== null && situation.record(key) !== null) return true
  return flowOf(token, situation)?.value.grant?.revoked === true
}
