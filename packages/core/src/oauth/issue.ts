import { randomUUID } from 'node:crypto'
import { noData } from '../flows/flow-data.ts'
import { changeOf, type FlowValue, putFlow } from '../flows/flow-record.ts'
import { flowWithAttempts } from '../flows/flow-view.ts'
import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { extendScope } from '../rendering/scope.ts'
import type { Claims } from '../tokens/tokens.ts'
import type { Client } from './clients.ts'
import { listOf } from './fields.ts'
import type { Granted } from './granted.ts'
import { compileMembers, type Members } from './members.ts'
import type { OauthContext, Provider } from './provider.ts'

/** What is answered to a token request, and what is written with it. */
export interface Issued {
  readonly answer: Members
  readonly operations: readonly WriteOperation[]
}

const thirtyDays = 30 * 24 * 3600

/** Makes the tokens for what was granted: an access token, and where the answer declares them a refresh token and an id token. */
export function compileIssuing(context: OauthContext, provider: Provider) {
  const { partner, datapoint, endpoint, options } = context
  const { response } = endpoint
  const { token_type: type, expires_in: expiresIn, refresh_token: refreshes } = response
  const refreshExpiresIn = response.refresh_expires_in ?? thirtyDays
  const claimsOf = compileMembers([datapoint.claims, response.claims], options)
  const extraOf = compileMembers([response.extra], options)
  // RFC 9068: so resource servers tell access tokens from id tokens. Who asks for no grants gets what was always given.
  const accessType = endpoint.grant === undefined ? 'JWT' : 'at+jwt'

  function nextFlow(granted: Granted, live: string | null, { situation }: Moment): FlowValue | null {
    const { flow } = granted
    if (flow === null && live === null) return null
    const { now, clock, session } = situation
    const begun: FlowValue = {
      id: randomUUID(),
      partner,
      datapoint: datapoint.name,
      session: session?.value.id ?? null,
      createdAt: now,
      updatedAt: now,
      begunAt: clock.now,
      done: [],
      polls: 0,
    }
    return { ...(flow?.value ?? begun), updatedAt: now, grant: { live } }
  }

  /** A refresh token that is kept stays the one that counts. */
  return async function issue(granted: Granted, client: Client, moment: Moment): Promise<Issued> {
    const { exchange, situation } = moment
    const keeps = granted.isRenewal === true && refreshes !== 'rotate'
    const live = refreshes !== undefined && granted.isRefreshable && !keeps ? randomUUID() : null
    const flow = keeps ? (granted.flow?.value ?? null) : nextFlow(granted, live, moment)
    const session = granted.flow === null ? (situation.session?.value.id ?? null) : granted.flow.value.session
    const clock = granted.flow === null ? situation.clock : situation.flowClock
    // RFC 7519, section 2: a NumericDate counts seconds. Receivers check it against the wall clock.
    const issuedAt = Math.floor(situation.now / 1000)
    const usual: Claims = {
      iss: provider.issuerOf(exchange, moment.scope),
      sub: granted.subject,
      aud: granted.audience ?? provider.name,
      iat: issuedAt,
      exp: issuedAt + expiresIn,
      jti: randomUUID(),
      ...(client.id !== null && { client_id: client.id }),
      ...(granted.scope !== null && { scope: granted.scope }),
    }
    const around = extendScope(moment.scope, {
      flow: () =>
        flow === null ? undefined : flowWithAttempts({ value: flow, data: granted.flow?.data ?? noData }, situation),
      token: () => usual,
    })
    const declared: Claims = { ...granted.claims, ...claimsOf(around) }
    const claims: Claims = { ...usual, ...declared }
    const accessToken = await provider.tokens.issue(
      {
        claims,
        issuer: provider.name,
        session,
        expiresAt: clock.now + expiresIn * 1000,
        flow: flow?.id ?? null,
      },
      { algorithm: provider.algorithm, type: accessType },
    )
    const refreshToken =
      live === null || flow === null
        ? null
        : await provider.grants.write({
            kind: 'refresh',
            issuer: provider.name,
            session,
            flow: flow.id,
            id: live,
            expiresAt: clock.now + refreshExpiresIn * 1000,
            client: client.id,
            scope: granted.scope,
            ...(granted.audience !== null && { audience: granted.audience }),
            ...(granted.authTime !== undefined && { authTime: granted.authTime }),
            claims: { sub: granted.subject, ...declared },
          })
    const wantsIdToken = response.id_token === true && listOf(granted.scope).includes('openid')
    const idToken = wantsIdToken ? await signIdToken(claims, declared, granted, client) : null
    const extra = extraOf(extendScope(around, { token: () => claims }))
    return {
      answer: {
        access_token: accessToken,
        token_type: type,
        expires_in: expiresIn,
        ...(refreshToken !== null && { refresh_token: refreshToken }),
        ...(granted.scope !== null && { scope: granted.scope }),
        ...(idToken !== null && { id_token: idToken }),
        ...granted.more,
        ...extra,
      },
      operations: flow === null || keeps ? [] : [putGrant(granted, flow, moment)],
    }
  }

  /** OpenID Connect Core 1.0, section 2. */
  function signIdToken(claims: Claims, declared: Claims, granted: Granted, client: Client): Promise<string> {
    const { iss = null, sub = null, iat = null, exp = null } = claims
    const { nonce, authTime } = granted
    const idClaims: Claims = {
      ...declared,
      ...{ iss, sub, aud: client.id ?? provider.name, iat, exp },
      ...(nonce !== undefined && { nonce }),
      ...(authTime !== undefined && { auth_time: authTime }),
    }
    return provider.tokens.sign(idClaims, { algorithm: provider.algorithm })
  }

  function putGrant(granted: Granted, value: FlowValue, { situation }: Moment): WriteOperation {
    const { flow } = granted
    if (flow !== null) return putFlow(changeOf(flow, { value }))
    const key = keys.flow(situation.scope, value.id, partner, datapoint.name)
    return putFlow({ key, value, data: noData, expect: 'absent' })
  }
}
