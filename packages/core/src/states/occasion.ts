import type { Lane } from '../deliveries/lane.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { RecordWork } from '../records/record-work.ts'
import type { RecordContent, RecordParams } from '../records/resource.ts'
import type { ScopeSources } from '../rendering/scope.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import type { Standing } from './standing.ts'

/** In what states are entered: a request, something that is due, or a tester's wish. */
export interface Occasion {
  /** How templates see the flow or the record where it stands so: `{ flow: () => … }`, or `{ record: () => … }`. */
  readonly sources: (subject: { readonly values: RecordContent; readonly standing: Standing | null }) => ScopeSources
  /** The clock of the scope that it lives in. */
  readonly clock: ClockReading
  /** Wall-clock time, in milliseconds. */
  readonly now: number
  readonly payload: PayloadState | null
  /** What effects change beside it; the caller writes the operations. */
  readonly records: RecordWork
  readonly params: RecordParams
  /** The lane of its deliveries as it is stored. */
  readonly lane: () => Promise<Lane>
}
