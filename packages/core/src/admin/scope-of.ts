import type { EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'
import type { SessionStore } from '../sessions/session-store.ts'
import type { AdminRequest } from './admin-route.ts'

/** A session's id, null for the global scope, or the refusal of a session that is not there or not the caller's. */
export type NamedScope = { readonly session: string | null } | { readonly refusal: EngineResponse }

/**
 * The session that an admin request is about, by id or label. The holder of a session's token means that session, and may
 * name no other.
 */
export async function scopeOf(
  { tokenSession }: AdminRequest,
  sessions: SessionStore,
  named: string | null,
): Promise<NamedScope> {
  if (named === null) return { session: tokenSession }
  const found = await sessions.find(named)
  if (tokenSession !== null && found?.value.id !== tokenSession) {
    return { refusal: refuse(403, 'A session token admits to its own session alone.') }
  }
  if (found === null) return { refusal: refuseSession(named) }
  return { session: found.value.id }
}

export function refuseSession(named: string): EngineResponse {
  return refuse(
    404,
    `Session '${named}' not found: it was deleted, has expired or never was; GET /imnot/admin/sessions and \`imnot sessions list\` show them.`,
  )
}
