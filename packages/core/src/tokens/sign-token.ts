import { Buffer } from 'node:buffer'
import type { JWTPayload } from 'jose'
import type { Secrets } from '../secrets.ts'

/** ES256: an RS256 signature costs half a millisecond, this one a tenth of it. */
const algorithm = 'ES256'

const secretName = 'token-key'

/** A compact JWS of the claims (RFC 7519), signed with the key that all nodes of this storage share. */
export async function signToken(secrets: Secrets, claims: JWTPayload): Promise<string> {
  const { jose, key, kid } = await signingKey(secrets)
  return new jose.SignJWT(claims).setProtectedHeader({ alg: algorithm, typ: 'JWT', kid }).sign(key)
}

const imported = new WeakMap<Secrets, Promise<SigningKey>>()

type SigningKey = Awaited<ReturnType<typeof importKey>>

function signingKey(secrets: Secrets): Promise<SigningKey> {
  const known = imported.get(secrets)
  if (known !== undefined) return known
  const importing = importKey(secrets)
  imported.set(secrets, importing)
  // Only success is remembered.
  importing.catch(() => imported.delete(secrets))
  return importing
}

async function importKey(secrets: Secrets) {
  // Loaded when the first token is asked for: many partners have none.
  const jose = await import('jose')
  const stored = await secrets.bytes(secretName, async () => {
    const { privateKey } = await jose.generateKeyPair(algorithm, { extractable: true })
    return Buffer.from(JSON.stringify(await jose.exportJWK(privateKey)))
  })
  const jwk = JSON.parse(Buffer.from(stored).toString('utf8'))
  const kid = await jose.calculateJwkThumbprint(jwk)
  return { jose, key: await jose.importJWK(jwk, algorithm), kid }
}
