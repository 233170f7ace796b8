import type { Storage } from '@imnot/core'

/** One fresh storage for one test, and what the suite may do around it. */
export interface StorageHarness {
  /** Empty, and not used by any other test. The suite calls `init()` first and `close()` last. */
  readonly storage: Storage
  /** Opens the same data again after `storage` was closed. Leave it out when the data dies with the storage. */
  reopen?(): Promise<Storage>
  /** Another instance on the same data while `storage` is open, as another process would have. */
  second?(): Promise<Storage>
  /** Moves the storage's clock on, where it can be moved. Without it the suite waits in real time. */
  advance?(ms: number): Promise<void>
  /** Removes the data. Every instance has been closed before. */
  destroy(): Promise<void>
}
