import type { GrantKind } from '../granted.ts'
import { authorizationCodeGrant } from './authorization-code.ts'
import { deviceCodeGrant } from './device-code.ts'
import { clientGrant, jwtBearerGrant, passwordGrant, tokenExchangeGrant } from './direct.ts'
import { refreshTokenGrant } from './refresh-token.ts'

const urn = 'urn:ietf:params:oauth:grant-type'

const kinds: ReadonlyMap<string, GrantKind> = new Map([
  ['authorization_code', authorizationCodeGrant],
  ['refresh_token', refreshTokenGrant],
  ['password', passwordGrant],
  ['client_credentials', clientGrant],
  [`${urn}:device_code`, deviceCodeGrant],
  [`${urn}:jwt-bearer`, jwtBearerGrant],
  [`${urn}:token-exchange`, tokenExchangeGrant],
])

/** A type that only its provider knows is answered as one that the client asks for in its own name. */
export function grantKind(type: string): GrantKind {
  return kinds.get(type) ?? clientGrant
}

/** Where a token request carries what was issued before. */
export const carriers: readonly string[] = ['code', 'refresh_token', 'device_code']
