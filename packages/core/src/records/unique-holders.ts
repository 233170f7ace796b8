import { Buffer } from 'node:buffer'
import type { PutOperation, StoredRecord, WriteOperation } from '../ports/storage.ts'
import type { RecordState } from './record-state.ts'
import type { RecordId } from './resource.ts'
import { type UniqueValue, uniqueValues } from './unique.ts'

/** Which records have the values that no two may have: as it was read, and as it will be. */
export interface UniqueHolders {
  /** The value that another record has already, and that record; null where all are free. */
  takenBy(state: RecordState): Promise<{ readonly value: UniqueValue; readonly holder: RecordId } | null>
  /** From the one to the other; null is no record. The new one must have been asked for by `takenBy`. */
  move(from: RecordState | null, to: RecordState | null): void
  operations(): readonly WriteOperation[]
}

export interface HolderPlace {
  readonly scope: string
  readonly read: (keys: readonly string[]) => Promise<readonly (StoredRecord | null)[]>
  /** An initial record as it is now; it is noted nowhere, and has its value as long as it is there with it. */
  readonly findInitial: (state: RecordState, suffix: string) => Promise<RecordState | null>
}

interface Holder {
  /** Undefined: nobody looked. */
  readonly version: number | undefined
  readonly was: RecordId | null
  readonly is: RecordId | null
}

export function createUniqueHolders({ scope, read, findInitial }: HolderPlace): UniqueHolders {
  const holders = new Map<string, Holder>()

  async function readAll(values: readonly UniqueValue[]): Promise<void> {
    const unread = values.map(({ key }) => key).filter((key) => holders.get(key)?.version === undefined)
    if (unread.length === 0) return
    const records = await read(unread)
    for (const [index, key] of unread.entries()) {
      const stored = readHolder(records[index] ?? null)
      const known = holders.get(key)
      holders.set(key, known === undefined ? stored : { ...stored, is: known.is })
    }
  }

  async function initialHolder(state: RecordState, { key }: UniqueValue): Promise<RecordId | null> {
    const { resource } = state
    const has = (kept: Parameters<typeof uniqueValues>[0]) => uniqueValues(kept, scope).some((one) => one.key === key)
    for (const [suffix, { params, content }] of resource.initial) {
      if (!has({ resource, params, content })) continue
      const record = await findInitial(state, suffix)
      if (record !== null && has(record)) return record.id
    }
    return null
  }

  return {
    async takenBy(state) {
      const values = uniqueValues(state, scope)
      await readAll(values)
      for (const value of values) {
        const holder = holders.get(value.key)?.is ?? (await initialHolder(state, value))
        if (holder !== null && String(holder) !== String(state.id)) return { value, holder }
      }
      return null
    },

    move(from, to) {
      for (const { key } of from === null ? [] : uniqueValues(from, scope)) {
        const known = holders.get(key) ?? { version: undefined, was: from?.id ?? null }
        holders.set(key, { ...known, is: null })
      }
      for (const { key } of to === null ? [] : uniqueValues(to, scope)) {
        const known = holders.get(key)
        if (known !== undefined) holders.set(key, { ...known, is: to?.id ?? null })
      }
    },

    operations() {
      return [...holders].flatMap(([key, { version, was, is }]): WriteOperation[] => {
        if (is === was) return []
        return is === null ? [{ type: 'delete', key, ...expectation(version) }] : [putHolder(key, is, version)]
      })
    },
  }
}

/** The id may have been sent, so that it is in the body. */
function putHolder(key: string, id: RecordId, version: number | undefined): PutOperation {
  return { type: 'put', key, value: null, body: Buffer.from(JSON.stringify(id)), ...expectation(version) }
}

function readHolder(stored: StoredRecord | null): Holder {
  if (stored === null) return { version: 0, was: null, is: null }
  const id = JSON.parse(Buffer.from(stored.body ?? noBytes).toString('utf8')) as RecordId
  return { version: stored.version, was: id, is: id }
}

function expectation(version: number | undefined) {
  if (version === undefined) return {}
  return { expect: version === 0 ? ('absent' as const) : version }
}

const noBytes = new Uint8Array(0)
