import type { EngineRequest, EngineResponse } from '../http/messages.ts'
import type { JsonValue, WriteOperation } from '../ports/storage.ts'
import type { MockMatch } from '../routing/match.ts'
import type { SessionRule } from '../sessions/session-rule.ts'
import type { Unfinished } from './journal-entry.ts'
import type { OverheardBody } from './overheard-body.ts'

/** What is found out of one request while it is handled; made an entry of the journal after the answer. */
export interface Trace {
  /** To be handled in the place of the original. */
  readonly request: EngineRequest
  /** Null where there is none. */
  readonly body: OverheardBody | null
  /** Null where no route matched. Where only the body tells, it is the one that answered. */
  match: MockMatch | null
  readonly at: number
  /** The session that the request was found to belong to; undefined while that is not known. */
  session?: string | null
  sessionBy?: SessionRule | null
  flow?: string | null
  sessionTime?: number
  unfinished?: Unfinished | null
  operations?: readonly WriteOperation[]
  refusedBy?: string
  response?: EngineResponse
  durationMs?: number
  nearest?: readonly JsonValue[]
}

/** The traces of requests under way. A request that is not recorded has none. */
export type Traces = WeakMap<EngineRequest, Trace>
