import { randomUUID } from 'node:crypto'
import { compileCapture } from '../flows/capture.ts'
import { noData } from '../flows/flow-data.ts'
import { withDue } from '../flows/flow-due.ts'
import { changeOf, type FlowChange, type FlowValue } from '../flows/flow-record.ts'
import { flowWithAttempts } from '../flows/flow-view.ts'
import { newFlow } from '../flows/new-flow.ts'
import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
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
  /** Null where it changes none. */
  readonly flow: FlowChange | null
}

const thirtyDays = 30 * 24 * 3600

/** Makes the tokens for what was granted: an access token, and where the answer declares them a refresh token and an id token. */
export function compileIssuing(context: OauthContext, provider: Provider) {
  const { partner, datapoint, endpoint, options } = context
  const { response } = endpoint
  const { token_type: type, expires_in: expiresIn, refresh_token: refreshes } = response
  const refreshExpiresIn = response.refresh_expires_in ?? thirtyDays
  const capture = compileCapture(endpoint.capture, options)
  const claimsOf = compileMembers([datapoint.claims, response.claims], options)
  const extraOf = compileMembers([response.extra], options)
  // RFC 9068: so resource servers tell access tokens from id tokens. Who asks for no grants gets what was always given.
  const accessType = endpoint.grant === undefined ? 'JWT' : 'at+jwt'

  /** The flow of the grant as it will be; null where there is none. */
  function flowAfter(granted: Granted, live: string | null, moment: Moment): FlowChange | null {
    const { flow } = granted
    if (flow === null && live === null && endpoint.capture === undefined) return null
    const { situation, scope } = moment
    const { now, clock, flowClock, session } = situation
    const id = randomUUID()
    const before: FlowChange =
      flow === null
        ? {
            key: keys.flow(situation.scope, id, partner, datapoint.name),
            value: newFlow(id, { partner, datapoint: datapoint.name, session: session?.value.id ?? null }, situation),
            data: noData,
            expect: 'absent',
          }
        : changeOf(flow)
    const around = extendScope(scope, { flow: () => flowWithAttempts(before, situation) })
    const time = flow === null ? clock : flowClock
    const value: FlowValue = {
      ...before.value,
      updatedAt: now,
      grant: { live },
      // As long as what is issued now.
      expiresAt: time.now + Math.max(expiresIn, live === null ? 0 : refreshExpiresIn) * 1000,
    }
    return { ...before, ...withDue({ value, data: capture.after(before.data, around, moment) }, time, null) }
  }

  /** A refresh token that is kept stays the one that counts. */
  return async function issue(granted: Granted, client: Client, moment: Moment): Promise<Issued> {
    const { exchange, situation } = moment
    const keeps = granted.isRenewal === true && refreshes !== 'rotate'
    const live = refreshes !== undefined && granted.isRefreshable && !keeps ? randomUUID() : null
    const change = keeps ? null : flowAfter(granted, live, moment)
    const flow = change ?? granted.flow
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
      flow: () => (flow === null ? undefined : flowWithAttempts(flow, situation)),
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
        flow: flow?.value.id ?? null,
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
            flow: flow.value.id,
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
      flow: change,
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
}
