import { Buffer } from 'node:buffer'
import type { CryptoKey, JWK } from 'jose'
import { library, loadLibrary } from '../libraries.ts'
import type { Secrets } from '../secrets.ts'

/** ES256 is what is used unless a definition says otherwise: an RS256 signature costs half a millisecond, this one a tenth of it. */
export const signatureAlgorithms = ['ES256', 'RS256'] as const
export type SignatureAlgorithm = (typeof signatureAlgorithms)[number]

/** The server's own key pairs, one for each algorithm: made by the first node that needs one, and shared by all through the storage. */
export interface SigningKeys {
  /** Needs the library `jose` afterwards; loads it. */
  of(algorithm: SignatureAlgorithm): Promise<SigningKey>
}

export interface SigningKey {
  readonly algorithm: SignatureAlgorithm
  readonly kid: string
  readonly privateKey: CryptoKey
  readonly publicKey: CryptoKey
  /** As a JWKS shows it: the public half. */
  readonly jwk: JWK
}

const secretNames: Readonly<Record<SignatureAlgorithm, string>> = { ES256: 'token-key', RS256: 'token-key-rs256' }

export function createSigningKeys(secrets: Secrets): SigningKeys {
  const imported = new Map<SignatureAlgorithm, Promise<SigningKey>>()
  return {
    of(algorithm) {
      const known = imported.get(algorithm)
      if (known !== undefined) return known
      const importing = importKeys(secrets, algorithm)
      imported.set(algorithm, importing)
      // Only success is remembered.
      importing.catch(() => imported.delete(algorithm))
      return importing
    },
  }
}

async function importKeys(secrets: Secrets, algorithm: SignatureAlgorithm): Promise<SigningKey> {
  // Many partners have no tokens.
  await loadLibrary('jose')
  const jose = library('jose')
  const stored = await secrets.bytes(secretNames[algorithm], async () => {
    const { privateKey } = await jose.generateKeyPair(algorithm, { extractable: true })
    return Buffer.from(JSON.stringify(await jose.exportJWK(privateKey)))
  })
  const whole = JSON.parse(Buffer.from(stored).toString('utf8')) as JWK
  const kid = await jose.calculateJwkThumbprint(whole)
  const { kty, crv, x, y, n, e } = whole
  const half = kty === 'RSA' ? { kty, n, e } : { kty, crv, x, y }
  const jwk = { ...half, kid, alg: algorithm, use: 'sig' } as JWK
  const privateKey = (await jose.importJWK(whole, algorithm)) as CryptoKey
  const publicKey = (await jose.importJWK(jwk, algorithm)) as CryptoKey
  return { algorithm, kid, privateKey, publicKey, jwk }
}
