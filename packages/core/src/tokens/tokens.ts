import { Buffer } from 'node:buffer'
import { library, loadLibrary } from '../libraries.ts'
import type { JsonValue } from '../ports/storage.ts'
import type { Secrets } from '../secrets.ts'
import { createSigningKeys, type SignatureAlgorithm, type SigningKeys, signatureAlgorithms } from './signing-keys.ts'

export type Claims = Readonly<Record<string, JsonValue>>

/** A token that imnot issued. It carries all that is known of it, signed, so that nothing is stored for it. */
export interface Token {
  /** As the consumer finds them in it. */
  readonly claims: Claims
  /** `partner/datapoint` that issued it. */
  readonly issuer: string
  /** The session that it was issued in; null is the global scope. */
  readonly session: string | null
  /** When it expires by the clock of its scope, in milliseconds. Its claim `exp` is by the wall clock, for those who check it themselves. */
  readonly expiresAt: number
  /** The flow of the grant that it comes from; null where there is none. */
  readonly flow: string | null
}

export interface Tokens {
  readonly keys: SigningKeys
  /** A compact JWS (RFC 7515) of the claims. */
  issue(token: Token, options?: IssueOptions): Promise<string>
  /** A JWT of these claims that is no access token. */
  sign(claims: Claims, options?: IssueOptions): Promise<string>
  /** The token that this text is, expired or not; null where it is none that imnot issued. */
  recognise(text: string): Promise<Token | null>
}

export interface IssueOptions {
  /** @default 'ES256' */
  readonly algorithm?: SignatureAlgorithm
  /** @default 'JWT' */
  readonly type?: string
}

/** The claim by which a token says what it is to imnot. */
const ownClaim = 'imnot'

type Own = {
  readonly issuer: string
  readonly session?: string
  readonly expires: number
  readonly flow?: string
}

/** Checking a signature costs more than a request: verified tokens are remembered, so many of them. */
const most = 10_000

/** Longer than any that comes in a header. What stands in a body may be as long as one: it is checked each time. */
const longestRemembered = 16_384

export function createTokens(secrets: Secrets): Tokens {
  const keys = createSigningKeys(secrets)
  const verified = new Map<string, Token>()

  async function sign(claims: Claims, { algorithm = 'ES256', type = 'JWT' }: IssueOptions = {}): Promise<string> {
    const { kid, privateKey } = await keys.of(algorithm)
    const { SignJWT } = library('jose')
    return new SignJWT(claims as never).setProtectedHeader({ alg: algorithm, typ: type, kid }).sign(privateKey)
  }

  async function verify(text: string): Promise<Token | null> {
    const algorithm = algorithmOf(text)
    if (algorithm === null) return null
    const { publicKey } = await keys.of(algorithm)
    await loadLibrary('jose')
    try {
      const { payload } = await library('jose').compactVerify(text, publicKey)
      return readToken(JSON.parse(Buffer.from(payload).toString('utf8')))
    } catch {
      return null
    }
  }

  return {
    keys,
    sign,
    issue({ claims, issuer, session, expiresAt, flow }, options) {
      const own: Own = {
        issuer,
        ...(session !== null && { session }),
        expires: expiresAt,
        ...(flow !== null && { flow }),
      }
      return sign({ ...claims, [ownClaim]: own }, options)
    },
    async recognise(text) {
      const known = verified.get(text)
      if (known !== undefined) return known
      const token = await verify(text)
      if (token === null || text.length > longestRemembered) return token
      if (verified.size >= most) verified.delete(verified.keys().next().value ?? '')
      verified.set(text, token)
      return token
    },
  }
}

/** Of a text that looks as a token of imnot's does: others, such as those of a real provider, are looked at no further. */
function algorithmOf(text: string): SignatureAlgorithm | null {
  const [header = '', payload = '', signature = '', ...more] = text.split('.')
  if (signature === '' || more.length > 0) return null
  if (readOwn(parsePart(payload)) === null) return null
  return signatureAlgorithms.find((algorithm) => algorithm === parsePart(header)?.alg) ?? null
}

/** The claims of any JWT, whoever signed it and without a look at the signature; null where it is none. */
export function decodeClaims(text: string): Readonly<Record<string, unknown>> | null {
  return parsePart(text.split('.')[1] ?? '')
}

function parsePart(part: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function readOwn(claims: Readonly<Record<string, unknown>> | null): Own | null {
  const own = claims?.[ownClaim] as Partial<Own> | undefined
  return typeof own?.issuer === 'string' && typeof own.expires === 'number' ? (own as Own) : null
}

function readToken(payload: Readonly<Record<string, JsonValue>>): Token | null {
  const own = readOwn(payload)
  if (own === null) return null
  const { [ownClaim]: _own, ...claims } = payload
  const { issuer, session = null, expires: expiresAt, flow = null } = own
  return { claims, issuer, session, expiresAt, flow }
}
