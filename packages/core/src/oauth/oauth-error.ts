import { challenge } from '../auth/challenge.ts'
import type { FlowChange } from '../flows/flow-record.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respondJson } from '../http/respond.ts'

/** A refusal as RFC 6749, section 5.2, has it. */
export interface OauthError {
  readonly error: string
  readonly description: string
  /** @default 400 */
  readonly status?: number
  /** Value of `WWW-Authenticate`. */
  readonly challenge?: string
  /** What it does to the flow all the same. */
  readonly flow?: FlowChange
}

export function oauthError(
  error: string,
  description: string,
  rest: Omit<OauthError, 'error' | 'description'> = {},
): OauthError {
  return { error, description, ...rest }
}

export function isOauthError(value: object): value is OauthError {
  return 'error' in value && 'description' in value
}

/** Never to be stored, as RFC 6749, section 5.1, wants it of whatever answers for tokens. */
export const neverStored = { 'cache-control': 'no-store', pragma: 'no-cache' } as const

/** `headers` are the declared ones, names and values by turns. */
export function answerOauthError(failure: OauthError, headers: readonly string[]): EngineResponse {
  const { error, description, status = 400, challenge: asked } = failure
  const own = asked === undefined ? headers : [...headers, 'www-authenticate', asked]
  return respondJson(status, { error, error_description: plain(description) }, own)
}

/** A client that authenticated by HTTP Basic is told so, as the RFC wants it. */
export function invalidClient(description: string, realm: string, usedBasic: boolean): OauthError {
  return oauthError('invalid_client', description, {
    status: 401,
    ...(usedBasic && { challenge: challenge('Basic', realm) }),
  })
}

/** RFC 6749 admits neither quotes nor what is not ASCII. */
function plain(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|["\\]/g, "'")
}
