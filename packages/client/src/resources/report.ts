import type { Caller } from '../caller.ts'
import type { ConductReport } from '../shapes.ts'

export interface ReportOptions {
  /** The shortest time between two polls of a flow whose answers say none: `2s`. @default none is asked for */
  readonly pollInterval?: string | undefined
  /** How soon a callback must be acknowledged. @default '5s' */
  readonly acknowledgeWithin?: string | undefined
}

/** Whether the consumer behaved as partners expect; each finding names the requests that show it. */
export type Report = (options?: ReportOptions) => Promise<ConductReport>

export function createReport(call: Caller, path: string): Report {
  return ({ pollInterval, acknowledgeWithin } = {}) =>
    call.json('GET', path, { query: { poll_interval: pollInterval, acknowledge_within: acknowledgeWithin } })
}
