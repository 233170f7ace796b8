import type { StoredRecord } from '../ports/storage.ts'
import { type PayloadState, readPayload } from './payload-record.ts'

/**
 * The bodies that this process has read lately. None is served on trust: each use names the version that the cache holds in
 * the storage call that is made anyway, and the storage sends the body again where that version is no longer the current one.
 */
export interface PayloadBodies {
  /** Takes hold of what the cache has of these keys, so that it cannot go while the storage is asked. */
  hold(keys: readonly string[]): HeldBodies
  /** What `compute` makes of the current bytes of a payload: once for each version, as long as it is the same function. */
  derive<T>(payload: PayloadState, compute: (body: Uint8Array) => T): T
}

export interface HeldBodies {
  /** For `GetOptions.known`. */
  readonly known: ReadonlyMap<string, number>
  /** The payload of a record just read, its body from the record or from what is held; null for null. */
  complete(record: StoredRecord | null): PayloadState | null
}

export interface PayloadBodiesOptions {
  /** All bodies together. @default 32 MiB */
  readonly maxBytes?: number
  /** A larger body is read each time. @default 4 MiB */
  readonly maxEntryBytes?: number
}

interface Entry {
  readonly payload: PayloadState
  readonly derived: Map<unknown, unknown>
}

export function createPayloadBodies(options: PayloadBodiesOptions = {}): PayloadBodies {
  const { maxBytes = 32 * 1_048_576, maxEntryBytes = 4 * 1_048_576 } = options
  const entries = new Map<string, Entry>()
  let total = 0

  function forget(key: string): void {
    const entry = entries.get(key)
    if (entry === undefined) return
    entries.delete(key)
    total -= entry.payload.body.byteLength
  }

  function keep(payload: PayloadState): void {
    forget(payload.key)
    const size = payload.body.byteLength
    if (size > maxEntryBytes) return
    entries.set(payload.key, { payload, derived: new Map() })
    total += size
    for (const oldest of entries.keys()) {
      if (total <= maxBytes) break
      forget(oldest)
    }
  }

  return {
    hold(keys) {
      const held = new Map<string, PayloadState>()
      const known = new Map<string, number>()
      for (const key of keys) {
        const payload = entries.get(key)?.payload
        if (payload === undefined) continue
        held.set(key, payload)
        known.set(key, payload.version)
      }
      return {
        known,
        complete(record) {
          const payload = record === null ? undefined : held.get(record.key)
          if (payload !== undefined && payload.version === record?.version) return payload
          const fresh = readPayload(record)
          if (fresh !== null) keep(fresh)
          return fresh
        },
      }
    },
    derive(payload, compute) {
      const held = entries.get(payload.key)
      if (held === undefined || held.payload.version !== payload.version) return compute(payload.body)
      if (!held.derived.has(compute)) held.derived.set(compute, compute(payload.body))
      return held.derived.get(compute) as ReturnType<typeof compute>
    },
  }
}
