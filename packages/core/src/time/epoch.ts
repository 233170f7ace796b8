import { keys } from '../keys.ts'
import type { PutOperation, StoredRecord } from '../ports/storage.ts'
import { type ScopeClock, wallTime } from './scope-clock.ts'

/** The one record that every node watches. */
export type EpochValue = {
  /** How often definitions were registered or removed. */
  readonly definitions: number
  /** How often all nodes were asked to reread their files. */
  readonly reload: number
  /** How often credentials were bound to sessions; 0 where none ever was. */
  readonly bindings: number
  /** The clock of the global scope. */
  readonly clock: ScopeClock
}

/** Version 0 where there is none yet. */
export function readEpoch(record: StoredRecord | null): { readonly version: number; readonly value: EpochValue } {
  return { version: record?.version ?? 0, value: { ...first, ...(record?.value as EpochValue | undefined) } }
}

export function putEpoch(value: EpochValue, version: number): PutOperation {
  return { type: 'put', key: keys.epoch, value, expect: version === 0 ? 'absent' : version }
}

const first: EpochValue = { definitions: 0, reload: 0, bindings: 0, clock: wallTime }
