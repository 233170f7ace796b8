/** How a delivery is signed, as it was fixed when it was owed. Time stamp and signature are of each attempt. */
export type Signing = {
  readonly scheme: SigningScheme
  /** The secret or the private key; null where the environment had none. */
  readonly key: string | null
  /** The variable that the key came from, or should have come from. */
  readonly secretEnv: string | null
  /** Of `standard-webhooks`: what the names of the headers begin with. */
  readonly prefix?: string
  /** Of the generic schemes, as the definition has them. */
  readonly algorithm?: string
  readonly encoding?: SignatureEncoding
  readonly keyEncoding?: KeyEncoding
  /** A template of what is signed. Absent: the body. */
  readonly payload?: string
  /** Templates of the headers that carry the signature. */
  readonly headers?: Readonly<Record<string, string>>
}

export type SigningScheme = 'standard-webhooks' | 'stripe' | 'github' | 'hmac' | 'ecdsa' | 'rsa'
export type SignatureEncoding = 'hex' | 'base64' | 'base64url'
export type KeyEncoding = 'utf8' | 'hex' | 'base64'

/** What one attempt sends, in so far as a signature may cover it. */
export interface Signed {
  /** The delivery's. */
  readonly id: string
  readonly url: string
  readonly contentType: string
  readonly body: Uint8Array
  /** Wall-clock time of the attempt, in milliseconds: receivers check it against theirs. */
  readonly at: number
}

/** Makes the headers that prove the sender, names and values by turns. Throws where the key is none of its kind. */
export type Signer = (signed: Signed, signing: Signing & { readonly key: string }) => string[] | Promise<string[]>

/** Whole seconds since the epoch. */
export function timestampOf({ at }: Signed): string {
  return String(Math.floor(at / 1000))
}

/** A secret that the environment lacked when the delivery was owed may be there now. */
export function withKey(signing: Signing | null, environment: (name: string) => string | undefined): Signing | null {
  if (signing === null || signing.key !== null || signing.secretEnv === null) return signing
  return { ...signing, key: environment(signing.secretEnv) || null }
}
