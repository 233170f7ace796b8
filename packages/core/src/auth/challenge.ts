import { type Refusal, refusal } from '../answers/refusal.ts'

/** RFC 6750, section 3.1. */
type BearerError = 'invalid_request' | 'invalid_token' | 'insufficient_scope'

/** A `WWW-Authenticate` value (RFC 9110, section 11.6.1). */
export function challenge(
  scheme: string,
  realm: string,
  parameters: Readonly<Record<string, string | undefined>> = {},
): string {
  const pairs = Object.entries({ realm, ...parameters }).filter(([, value]) => value !== undefined)
  return `${scheme} ${pairs.map(([name, value]) => `${name}="${quotable(String(value))}"`).join(', ')}`
}

export function bearerChallenge(realm: string, error?: BearerError, description?: string, scope?: string): string {
  return challenge('Bearer', realm, { error, error_description: description, scope })
}

/** For a token that was sent and does not count any more, so that clients ask for another one. */
export function refuseToken(reason: string, realm: string): Refusal {
  const detail = `The token does not count: ${reason}. Ask for another one.`
  const headers = ['www-authenticate', bearerChallenge(realm, 'invalid_token', `The token does not count: ${reason}`)]
  return refusal('unauthorized', detail, { headers, more: { error: 'invalid_token' } })
}

/** A quoted string ends at a quote, and a header at a line break. */
function quotable(text: string): string {
  return text.replaceAll(/[^\x20-\x7e]|["\\]/g, "'")
}
