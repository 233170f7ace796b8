import type { FlowState } from '../flows/flow-record.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { SessionState } from '../sessions/session-record.ts'

/** All that is stored and concerns one request, read in one storage call. */
export interface Situation {
  /** Wall-clock time of this attempt, in milliseconds. */
  readonly now: number
  /** The session that the request belongs to; null is the global scope. */
  readonly session: SessionState | null
  /** Key prefix of everything the request may create: the session's, or the global scope's. */
  readonly scope: string
  /** The flow that the request names; null where there is none of that id. */
  readonly flow: FlowState | null
  /** The datapoint's payload in the session, or the global one where the session may fall back to it. */
  readonly payload: PayloadState | null
}
