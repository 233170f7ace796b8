import type { FlowState } from '../flows/flow-record.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { StoredRecord } from '../ports/storage.ts'
import type { SessionState } from '../sessions/session-record.ts'
import type { SessionRule } from '../sessions/session-rule.ts'
import type { ClockReading } from '../time/clock-reading.ts'

/** All that is stored and concerns one request, read in one storage call. */
export interface Situation {
  /** Wall-clock time of this attempt, in milliseconds: for what is of the server itself, such as a session's lifetime. */
  readonly now: number
  /** The scope's clock. `clock.now` is the time that the consumer meets: what is pending, expires, is counted or rendered goes by it. */
  readonly clock: ClockReading
  /** The clock of the flow's scope: a session may continue a global flow, which goes by the global clock. Without a flow, `clock`. */
  readonly flowClock: ClockReading
  /** Read with the flow and in the global scope; null else. */
  readonly globalClock: ClockReading | null
  /** The session that the request belongs to; null is the global scope. */
  readonly session: SessionState | null
  /** What has led to the session; null in the global scope. */
  readonly sessionBy: SessionRule | null
  /** Key prefix of everything the request may create: the session's, or the global scope's. */
  readonly scope: string
  /** The flow that the request names; null where there is none of that id. */
  readonly flow: FlowState | null
  /** The datapoint's payload in the session, or the global one where the session may fall back to it. */
  readonly payload: PayloadState | null
  /** A record that a feature of the endpoint asked for by its `keys`; null where there is none. */
  record(key: string): StoredRecord | null
  /** Any records: those that were read are given at once, the others are read now. */
  read(keys: readonly string[]): Promise<readonly (StoredRecord | null)[]>
  /** All records of a prefix, with bodies: at once where the endpoint asked for it by its `lists`. */
  list(prefix: string): Promise<readonly StoredRecord[]>
  /** As `list`, of a prefix that the endpoint asked for; empty else. */
  listed(prefix: string): readonly StoredRecord[]
}
