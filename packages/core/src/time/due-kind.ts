import type { StoredRecord, WriteOperation } from '../ports/storage.ts'
import type { ClockReading } from './clock-reading.ts'
import type { Due } from './due.ts'

/** Work that becomes due by the clock of a scope. Each kind has a queue; its records have a member `due`. */
export interface DueKind {
  readonly queue: string
  /** Where a scope's records of this kind are, other records beside them. */
  readonly prefix: (scope: string) => string
  /**
   * What is to be written when it is due: among it this record, put or deleted with its version expected. Whoever claims
   * the record writes it, once; a clock that is advanced waits for it. It may be asked again when the write lost a race.
   * Absent: somebody else attempts it (a callback), and only `settle` waits for that.
   */
  readonly apply?: (work: DueWork) => readonly WriteOperation[] | Promise<readonly WriteOperation[]>
}

export interface DueWork {
  readonly record: StoredRecord
  /** `due.at` is when it should have happened, and counts for what follows from it. */
  readonly due: Due
  /** The scope's clock now. */
  readonly clock: ClockReading
}
