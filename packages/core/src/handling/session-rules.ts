import type { EngineRequest } from '../http/messages.ts'
import type { SessionRule } from '../sessions/session-rule.ts'
import type { Credential } from './credential.ts'

/** What the rules look at. */
export interface Named {
  /** The session of the base URL's prefix; null where it has none. */
  readonly prefix: string | null
  readonly request: EngineRequest
  readonly credential: Credential
}

/** A session that a request names or proves, and by what. */
export interface NamedSession {
  readonly id: string
  readonly by: SessionRule
}

interface Rule {
  readonly name: SessionRule
  readonly sessionOf: (named: Named) => string | null
}

/**
 * The session of a request is that of the first rule which knows one. After these come those that the storage knows: a
 * credential that is bound to a session, and the flow that the request names. `sessionRules` has them all.
 */
const rules: readonly Rule[] = [
  { name: 'prefix', sessionOf: ({ prefix }) => prefix },
  { name: 'header', sessionOf: ({ request }) => request.headers.get('x-imnot-session') },
  { name: 'token', sessionOf: ({ credential }) => credential.token?.session ?? credential.grant?.session ?? null },
]

export function sessionOf(named: Named): NamedSession | null {
  for (const rule of rules) {
    const id = rule.sessionOf(named)
    if (id !== null) return { id, by: rule.name }
  }
  return null
}
