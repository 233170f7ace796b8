/**
 * The storage port: where imnot keeps everything that must outlive a request.
 *
 * A storage knows records and nothing of what they mean; all meaning lives in core. It must be atomic (two nodes on one
 * storage never disagree) and durable (a resolved `write` survives the death of the process).
 *
 * Clocks: `expiresAt` and `dueAt` are milliseconds since the epoch on the storage's own clock, which `claim` tells.
 */

/** What JSON can say. A storage keeps it as it is given; the order of the members is kept too. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }

export interface StoredRecord {
  /** Printable ASCII, at most 1,000 characters. Keys are ordered by their bytes. */
  readonly key: string
  /** A positive safe integer. Never used twice for a key, also not after the record was deleted and made again. */
  readonly version: number
  readonly value: JsonValue
  /** Absent when the record has no body, and when the caller did not ask for it (see `GetOptions.known`, `ListOptions.bodies`). */
  readonly body?: Uint8Array
  /** From this moment the record is hidden from every method; when it is erased is the storage's affair. */
  readonly expiresAt?: number
  /** The queue in which the record waits to be claimed; always together with `dueAt`. */
  readonly queue?: string
  /** From this moment `claim` may hand the record out. While a claimer holds its lease this is the end of the lease. */
  readonly dueAt?: number
}

export interface GetOptions {
  /** Versions whose bodies the caller already holds, by key. A record that is still at that version comes without its body. */
  readonly known?: ReadonlyMap<string, number>
}

export interface ListOptions {
  /** Only keys after this one, itself excluded. */
  readonly after?: string
  /** Only keys before this one, itself excluded. */
  readonly before?: string
  /** At most so many records. @default 1000 */
  readonly limit?: number
  /** Last key first. @default false */
  readonly reverse?: boolean
  /** Also bring the bodies. @default false */
  readonly bodies?: boolean
}

/** A version that the record must have now, or `'absent'` where there must be none (an expired record is none). */
export type Expectation = number | 'absent'

export interface PutOperation {
  readonly type: 'put'
  readonly key: string
  readonly value: JsonValue
  /** Absent: the record has no body afterwards. */
  readonly body?: Uint8Array
  readonly expiresAt?: number
  readonly queue?: string
  /** In the future it makes the record leased to its writer until then. */
  readonly dueAt?: number
  readonly expect?: Expectation
}

export interface DeleteOperation {
  readonly type: 'delete'
  readonly key: string
  /** Absent: deleting what is not there succeeds. */
  readonly expect?: Expectation
}

/** Writes nothing; the whole write fails unless the expectation holds. */
export interface CheckOperation {
  readonly type: 'check'
  readonly key: string
  readonly expect: Expectation
}

export type WriteOperation = PutOperation | DeleteOperation | CheckOperation

export type WriteResult =
  | {
      readonly ok: true
      /** The new version of each operation's record, in the order given; 0 for a delete or a check. */
      readonly versions: readonly number[]
    }
  | {
      readonly ok: false
      /** The first operation whose expectation did not hold. Nothing was written. */
      readonly conflict: {
        readonly index: number
        /** The record as it is now, with its body; null where there is none. */
        readonly current: StoredRecord | null
      }
    }

export interface ClaimOptions {
  /** At most so many records. */
  readonly limit: number
  /** How long the claimed records are kept from other claimers, in milliseconds. */
  readonly leaseMs: number
}

export interface Claimed {
  /** Due records, the longest due first, with bodies and with their new versions: a write on an older version fails. */
  readonly records: readonly StoredRecord[]
  /** When the next record of this queue is due (leases included); null when the queue is empty. */
  readonly nextDueAt: number | null
  /** The storage's clock, in milliseconds since the epoch. */
  readonly now: number
}

export interface IncrementOptions {
  /** @default 1 */
  readonly by?: number
  /** The counter vanishes so many milliseconds after its first increment. Absent: it stays. */
  readonly ttlMs?: number
}

export interface Storage {
  /** For people: `memory`, `sqlite`, … */
  readonly name: string

  /** Makes ready what the storage needs. Idempotent, safe from many processes at once, may be tried again after a failure. */
  init(): Promise<void>

  /** Resolves when the storage can be read now; throws an `ImnotError` (`STORAGE_UNAVAILABLE`) otherwise. */
  ping(): Promise<void>

  /** One round trip for all keys. The answer has the order of the keys, null where there is no record. */
  get(keys: readonly string[], options?: GetOptions): Promise<(StoredRecord | null)[]>

  /** The records whose keys begin with the prefix, by key. Every character of the prefix stands for itself. */
  list(prefix: string, options?: ListOptions): Promise<StoredRecord[]>

  /**
   * Does all operations or none, in one atomic step that is durable when the promise resolves. A lost race is a result,
   * never an exception. At most one operation for each key, checks included.
   */
  write(operations: readonly WriteOperation[]): Promise<WriteResult>

  /**
   * Leases due records of one queue to this caller: each gets a new version and is not due again before `leaseMs` has
   * passed. No two callers ever hold the same record on a valid lease.
   */
  claim(queue: string, options: ClaimOptions): Promise<Claimed>

  /** Adds to a counter and returns what it is then. Counters are apart from records and may be lost with the storage's process. */
  increment(key: string, options?: IncrementOptions): Promise<number>

  /**
   * Optional: calls the listener when something may have been changed by another process, so that the caller looks
   * sooner. Too many calls and missed ones are both allowed. Resolves to a function that ends it.
   */
  hint?(listener: () => void): Promise<() => void>

  /** Releases what this storage created, and nothing that was handed to it. Further calls throw. */
  close(): Promise<void>
}
