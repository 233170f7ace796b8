import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto'
import type { Secrets } from '../secrets.ts'
import type { Claims } from '../tokens/tokens.ts'

/**
 * What a code, a device code or a refresh token says, to the server alone: all that is known of the grant, so that the flow's
 * record need hold no more than which of them counts now.
 */
export type Grant = {
  readonly kind: 'code' | 'device' | 'refresh'
  /** `partner/datapoint` that issued it. */
  readonly issuer: string
  /** Null is the global scope. */
  readonly session: string | null
  readonly flow: string
  /** Counts while the flow says that this one does. */
  readonly id: string
  /** By the clock of its scope, in milliseconds. */
  readonly expiresAt: number
  readonly client: string | null
  readonly scope: string | null
  /** The `redirect_uri` that the token request must repeat; null where the authorization request had none. */
  readonly redirectUri?: string | null
  readonly challenge?: { readonly method: string; readonly value: string }
  readonly nonce?: string
  /** In seconds. */
  readonly authTime?: number
  readonly audience?: string
  /** Of a refresh token: the claims that its first access token had beside the usual ones. */
  readonly claims?: Claims
}

/** Writes grants as texts that only this server can read, and reads them back on every node. */
export interface GrantTexts {
  write(grant: Grant): Promise<string>
  /** Null where the text is none that this server wrote. */
  read(text: string): Promise<Grant | null>
}

const ivLength = 12
const tagLength = 16

export function createGrantTexts(secrets: Secrets): GrantTexts {
  const key = async () =>
    createHash('sha256')
      .update(await secrets.bytes('grant-key'))
      .digest()
  return {
    async write(grant) {
      const iv = randomBytes(ivLength)
      const cipher = createCipheriv('aes-256-gcm', await key(), iv)
      const sealed = [cipher.update(JSON.stringify(grant), 'utf8'), cipher.final()]
      return Buffer.concat([iv, cipher.getAuthTag(), ...sealed]).toString('base64url')
    },
    async read(text) {
      const bytes = Buffer.from(text, 'base64url')
      if (bytes.byteLength <= ivLength + tagLength) return null
      try {
        const decipher = createDecipheriv('aes-256-gcm', await key(), bytes.subarray(0, ivLength))
        decipher.setAuthTag(bytes.subarray(ivLength, ivLength + tagLength))
        const opened = [decipher.update(bytes.subarray(ivLength + tagLength)), decipher.final()]
        return JSON.parse(Buffer.concat(opened).toString('utf8')) as Grant
      } catch {
        return null
      }
    },
  }
}

/** What the record of a grant's flow says of it. */
export type GrantState = {
  /** The `id` of the code or refresh token that counts; null once there is none any more. */
  readonly live: string | null
  /** What was issued of this grant counts no longer. */
  readonly revoked?: true
  /** Of a device: how often it was asked for, when last by the scope's clock, and how many seconds are to lie between. */
  readonly polls?: number
  readonly polledAt?: number
  readonly interval?: number
  /** Since when the device may have its token, in milliseconds of the scope's clock; absent: by the declared polls. */
  readonly readyAt?: number
}

export function asText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
