import { changeOf, type FlowChange, type FlowState } from '../../flows/flow-record.ts'
import type { Situation } from '../../handling/situation.ts'
import { respond } from '../../http/respond.ts'
import type { EndpointBehaviour } from '../../patterns/pattern.ts'
import type { WriteOperation } from '../../ports/storage.ts'
import { revocationKey } from '../../tokens/token-records.ts'
import type { Token } from '../../tokens/tokens.ts'
import { compileProvider, type OauthContext } from '../provider.ts'
import { refuseQuestion, shownToken } from './shown.ts'

/** A clock that stands lets tokens live longer than they say, but not for ever. */
const longestMs = 30 * 24 * 3_600_000

/** RFC 7009: an access token alone, or a refresh token with all that came of its grant. A token that nobody knows is revoked already. */
export function compileRevoke(context: OauthContext): EndpointBehaviour {
  const { status } = context.endpoint.response
  const provider = compileProvider(context)
  return {
    readsBody: true,
    ...shownToken(provider),
    plan(moment) {
      const refused = refuseQuestion(provider, moment)
      if (refused !== null) return { answer: refused }
      const { exchange, situation, scope } = moment
      const headers = provider.headersOf(scope)
      const { token, grant } = exchange.credential
      const { flow } = situation
      const isOfGrant = grant?.kind === 'refresh' && flow !== null
      const answer = respond(status, headers)
      if (isOfGrant) return { answer, flow: revoked(flow) }
      return { answer, operations: token === null ? [] : revokeToken(token, situation) }
    },
  }
}

function revoked(flow: FlowState): FlowChange {
  return changeOf(flow, { value: { ...flow.value, grant: { live: null, revoked: true } } })
}

function revokeToken(token: Token, { record, now, session }: Situation): WriteOperation[] {
  // A token of another session, or of one that is gone, is none that anybody knows here; nothing may be written there.
  if (token.session !== null && token.session !== session?.value.id) return []
  const key = revocationKey(token)
  if (key === null || record(key) !== null) return []
  // What is in a session goes with it.
  const ends = token.session === null ? { expiresAt: Math.max(token.expiresAt, now) + longestMs } : {}
  return [{ type: 'put', key, value: null, ...ends }]
}
