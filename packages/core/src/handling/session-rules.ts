import type { EngineRequest } from '../http/messages.ts'
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
  readonly by: SessionRule['name']
}

interface SessionRule {
  readonly name: 'prefix' | 'header' | 'token'
  readonly sessionOf: (named: Named) => string | null
}

/**
 * The session of a request is that of the first rule which knows one. After these come the session of the flow that the
 * request names, which the storage tells, and the global scope.
 */
const rules: readonly SessionRule[] = [
  { name: 'prefix', sessionOf: ({ prefix }) => prefix },
  { name: 'header', sessionOf: ({ request }) => request.headers.get('x-imnot-session') },
  { name: 'token', sessionOf: ({ credential }) => credential.token?.session ?? null },
]

export function sessionOf(named: Named): NamedSession | null {
  for (const rule of rules) {
    const id = rule.sessionOf(named)
    if (id !== null) return { id, by: rule.name }
  }
  return null
}
