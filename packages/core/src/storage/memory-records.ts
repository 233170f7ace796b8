import type { JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import { createSortedSet } from './sorted-set.ts'

/** A record as memory keeps it: its value is JSON text, so that no caller can reach into what is stored. */
export interface MemoryRecord {
  readonly key: string
  readonly version: number
  readonly json: string
  readonly body: Uint8Array | undefined
  readonly expiresAt: number | undefined
  readonly queue: string | undefined
  readonly dueAt: number | undefined
}

/** A key at a moment: what the orders of expiry and of queues are made of. */
interface Moment {
  readonly at: number
  readonly key: string
}

/** The records of a `memoryStorage` with their three orders: by key, by expiry, and by due time in each queue. */
export type MemoryRecords = ReturnType<typeof createMemoryRecords>

export function createMemoryRecords() {
  const records = new Map<string, MemoryRecord>()
  const keys = createSortedSet<string>(compareKeys)
  const expiries = createSortedSet<Moment>(compareMoments)
  const queues = new Map<string, ReturnType<typeof createSortedSet<Moment>>>()

  function set(record: MemoryRecord): void {
    const { key, expiresAt, queue, dueAt } = record
    const previous = records.get(key)
    if (previous === undefined) keys.add(key)
    else forgetMoments(previous)
    records.set(key, record)
    if (expiresAt !== undefined) expiries.add({ at: expiresAt, key })
    if (queue === undefined || dueAt === undefined) return
    const waiting = queues.get(queue) ?? createSortedSet<Moment>(compareMoments)
    queues.set(queue, waiting)
    waiting.add({ at: dueAt, key })
  }

  function remove(key: string): void {
    const previous = records.get(key)
    if (previous === undefined) return
    records.delete(key)
    keys.delete(key)
    forgetMoments(previous)
  }

  function forgetMoments({ key, expiresAt, queue, dueAt }: MemoryRecord): void {
    if (expiresAt !== undefined) expiries.delete({ at: expiresAt, key })
    if (queue === undefined || dueAt === undefined) return
    const waiting = queues.get(queue)
    waiting?.delete({ at: dueAt, key })
    if (waiting?.first() === undefined) queues.delete(queue)
  }

  return {
    get: (key: string) => records.get(key),
    set,
    remove,

    /** Records from `lower` (included) to `upper` (excluded), in either direction. */
    range(lower: string, upper: string, limit: number, reverse: boolean): MemoryRecord[] {
      const found: MemoryRecord[] = []
      if (limit <= 0) return found
      for (const key of reverse ? keys.downFrom(upper) : keys.from(lower)) {
        if (reverse ? key < lower : key >= upper) break
        found.push(records.get(key) as MemoryRecord)
        if (found.length >= limit) break
      }
      return found
    },

    /** At most `limit` records of the queue that are due, the longest due first. */
    due(queue: string, now: number, limit: number): MemoryRecord[] {
      const found: MemoryRecord[] = []
      const waiting = queues.get(queue)
      if (waiting === undefined || limit <= 0) return found
      for (const { at, key } of waiting.from({ at: Number.NEGATIVE_INFINITY, key: '' })) {
        if (at > now) break
        found.push(records.get(key) as MemoryRecord)
        if (found.length >= limit) break
      }
      return found
    },

    nextDueAt: (queue: string): number | null => queues.get(queue)?.first()?.at ?? null,

    /** Erases what has expired, so that no other method needs to look at `expiresAt`. */
    removeExpired(now: number): void {
      for (let next = expiries.first(); next !== undefined && next.at <= now; next = expiries.first()) remove(next.key)
    },

    clear(): void {
      records.clear()
      keys.clear()
      expiries.clear()
      queues.clear()
    },
  }
}

export function memoryRecord(operation: PutOperation, version: number): MemoryRecord {
  const { key, value, body, expiresAt, queue, dueAt } = operation
  return { key, version, json: JSON.stringify(value), body, expiresAt, queue, dueAt }
}

export function storedRecord(record: MemoryRecord, withBody: boolean): StoredRecord {
  const { key, version, json, body, expiresAt, queue, dueAt } = record
  return {
    key,
    version,
    value: JSON.parse(json) as JsonValue,
    ...(withBody && body !== undefined && { body }),
    ...(expiresAt !== undefined && { expiresAt }),
    ...(queue !== undefined && dueAt !== undefined && { queue, dueAt }),
  }
}

// Keys are ASCII: comparing UTF-16 units is comparing bytes.
function compareKeys(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}

function compareMoments(a: Moment, b: Moment): number {
  return a.at - b.at || compareKeys(a.key, b.key)
}
