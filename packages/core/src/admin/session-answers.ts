import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'
import { mountPathOf } from '../routing/mount-path.ts'
import type { Taken } from '../sessions/bind.ts'
import type { LabelTaken } from '../sessions/session-store.ts'

/** What a consumer's base URL ends with, to be in this session. */
export function baseUrlOf(request: EngineRequest, id: string): string {
  return `${mountPathOf(request)}/imnot/s/${id}`
}

/** Why a session was not made. */
export function refuseNotMade(refused: LabelTaken | Taken, label: string | null): EngineResponse {
  if ('labelTaken' in refused) {
    const { labelTaken } = refused
    return refuse(409, `The label "${label}" belongs to the session ${labelTaken}; choose another or delete that one.`)
  }
  const { binding, session } = refused
  const holder = session.label === null ? `session ${session.id}` : `session "${session.label}" (${session.id})`
  return refuse(
    409,
    `The ${binding.kind} "${binding.shown}" is bound to the ${holder}; delete that one, or bind another.`,
    { session_id: session.id },
  )
}
