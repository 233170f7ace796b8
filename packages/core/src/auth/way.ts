import type { Moment } from '../handling/moment.ts'
import type { EngineRequest } from '../http/messages.ts'

/** One way to be let in, compiled once. */
export interface Way {
  /** Whether nothing stored matters to it, the clock included. */
  readonly isStateless: boolean
  /** Where the text of the token stands, if that is not `Authorization`. */
  readonly tokenOf?: (request: EngineRequest) => string | null
  /** Null where the request is let in. */
  check(moment: Moment): Miss | null
}

/** Why one way did not let the request in. */
export interface Miss {
  /** Nothing was sent that this way looks at. */
  readonly isAbsent: boolean
  /** What was sent is right and does not suffice. @default false */
  readonly isForbidden?: boolean
  /** Half a sentence: the cause. */
  readonly cause: string
  /** Half a sentence: what to send. */
  readonly remedy: string
  /** Value of `WWW-Authenticate`. */
  readonly challenge: string
}
