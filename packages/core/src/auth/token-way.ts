import type { DeclaredWay } from '@imnot/schema'
import type { Situation } from '../handling/situation.ts'
import { isRevoked } from '../tokens/token-records.ts'
import type { Token } from '../tokens/tokens.ts'
import { bearerChallenge } from './challenge.ts'
import { placeOf } from './fixed-ways.ts'
import type { Miss, Way } from './way.ts'

/** `oauth`: a token that the named datapoint issued, not expired by the clock of the request's scope. */
export function tokenWay(way: DeclaredWay, partner: string): Way {
  const { oauth = '', scopes = [] } = way
  const issuer = `${partner}/${oauth}`
  const place = placeOf(way)
  const remedy = `send a token of ${issuer} as ${describePlace(way)}`
  const miss = (cause: string): Miss => ({
    isAbsent: false,
    cause,
    remedy,
    challenge: bearerChallenge(partner, 'invalid_token', cause),
  })
  return {
    isStateless: false,
    ...(place !== undefined && { tokenOf: place }),
    check({ exchange, situation }) {
      const { token } = exchange.credential
      if (token === null) {
        const isSent = exchange.header('authorization') !== null || place?.(exchange.request) != null
        if (isSent) return miss('the credential is no token that imnot issued')
        return { isAbsent: true, cause: 'no token was sent', remedy, challenge: bearerChallenge(partner) }
      }
      if (token.issuer !== issuer) return miss(`the token is one of ${token.issuer}`)
      const fault = faultOf(token, situation)
      if (fault !== null) return miss(fault)
      const missing = scopes.filter((scope) => !scopesOf(token).includes(scope))
      if (missing.length === 0) return null
      const cause = `the scope of the token lacks ${missing.join(' ')}`
      return {
        ...miss(cause),
        isForbidden: true,
        remedy: `ask ${issuer} for a token with scope=${scopes.join(' ')}`,
        challenge: bearerChallenge(partner, 'insufficient_scope', cause, scopes.join(' ')),
      }
    },
  }
}

/** Why a token of the right issuer does not count here; null where it does. */
export function faultOf(token: Token, situation: Situation): string | null {
  const { session, clock } = situation
  const here = session?.value.id ?? null
  const isForeign = token.session === null ? session?.value.isolated === true : token.session !== here
  if (isForeign) return 'the token was issued in another session'
  if (token.expiresAt <= clock.now) return 'the token has expired'
  return isRevoked(token, situation) ? 'the token was revoked' : null
}

/** As RFC 9068 writes them, in one text; other providers have a list, or another name for it. */
export function scopesOf({ claims }: Token): readonly string[] {
  return [claims.scope, claims.scp].flatMap((scope) => {
    if (Array.isArray(scope)) return scope.filter((one) => typeof one === 'string')
    return typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : []
  })
}

function describePlace({ header, query }: DeclaredWay): string {
  if (header !== undefined) return `the header "${header}"`
  return query === undefined ? '"Authorization: Bearer TOKEN"' : `the query parameter "${query}"`
}
