import type { Refusal } from '../answers/refusal.ts'
import type { StoredRecord, WriteOperation } from '../ports/storage.ts'
import type { Scope } from '../rendering/scope.ts'
import { putOwner } from '../sessions/owners.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import { nextPlace } from './place.ts'
import { flowKey, putBeginning } from './record-beginning.ts'
import { asId, makeRecordId, recordKey, recordPrefix } from './record-key.ts'
import { recordFlowId } from './record-names.ts'
import { refuseMissingId, refuseRepeated, refuseTakenId } from './record-refusals.ts'
import { type Found, putRecord, putTombstone, type RecordState, readRecord } from './record-state.ts'
import type { RecordContent, RecordId, RecordParams, Resource } from './resource.ts'
import { createUniqueHolders } from './unique-holders.ts'

/**
 * The records that one request, or one thing that is due, reads and changes. Nothing is written: what was read is kept, changes
 * lie over it and are seen by what reads later, and `operations` says in the end what to write, all or none.
 */
export interface RecordWork {
  /** As it is now, with what was changed here. */
  find(resource: Resource, params: RecordParams, id: unknown): Promise<RecordState | null>
  /** Reads the records of these parameters, so that `all` has them. */
  load(resource: Resource, params: RecordParams): Promise<void>
  /** As `load`, of what was listed already. */
  keepListed(resource: Resource, params: RecordParams, stored: readonly StoredRecord[]): void
  /** Of the parameters that are given, the oldest first; what was loaded, and what was made here. */
  all(resource: Resource, params: RecordParams): readonly RecordState[]
  /** Refused where the id or a unique value is taken. */
  create(resource: Resource, wanted: NewRecord): Promise<RecordState | Refusal>
  /** Refused where a unique value is taken. */
  update(record: RecordState, content: RecordContent): Promise<RecordState | Refusal>
  remove(record: RecordState): void
  /** What is to be written; whatever was read and is changed is expected as it was read. */
  operations(): readonly WriteOperation[]
}

export interface NewRecord {
  readonly params: RecordParams
  /** Null: as the resource says. */
  readonly id: RecordId | null
  /** It enters its first state by itself, right after it is written: whoever makes it has no states in mind. @default false */
  readonly begins?: boolean
  /** What the id is made of. */
  readonly scope: Scope
  /** What it holds may depend on its id. */
  readonly content: (id: RecordId) => RecordContent
}

/** Where records come from, and what they are written with. */
export interface RecordPlace {
  /** Key prefix of the scope. */
  readonly scope: string
  /** The scope's session; null is the global scope. */
  readonly session: string | null
  /** Wall-clock time. */
  readonly now: number
  /** The scope's clock. */
  readonly clock: ClockReading
  /** What stands before every URL that is made for the client; empty where it is not known. */
  readonly base: string
  readonly read: (keys: readonly string[]) => Promise<readonly (StoredRecord | null)[]>
  /** All records of the prefix, with bodies. */
  readonly list: (prefix: string) => Promise<readonly StoredRecord[]>
  /** The next number of a counter. */
  readonly count: (key: string) => Promise<number>
}

export function createRecordWork(place: RecordPlace): RecordWork {
  const { scope, session, now, clock, base } = place
  const found = new Map<string, Found>()
  /** What was there before, of what is changed. */
  const before = new Map<string, RecordState | null>()
  /** Keys of records whose states begin by themselves. */
  const beginning = new Set<string>()
  const holders = createUniqueHolders({
    scope,
    read: place.read,
    findInitial: async ({ resource }, suffix) => (await look(resource, scope + suffix)).record,
  })

  function initialOf(resource: Resource, key: string) {
    return resource.initial.get(key.slice(scope.length))
  }

  function keep(resource: Resource, key: string, stored: StoredRecord | null): Found {
    const known = found.get(key)
    if (known !== undefined) return known
    const read = readRecord(resource, key, stored, initialOf(resource, key))
    found.set(key, read)
    return read
  }

  async function look(resource: Resource, key: string): Promise<Found> {
    const known = found.get(key)
    if (known !== undefined) return known
    const [stored = null] = await place.read([key])
    return keep(resource, key, stored)
  }

  function keepListed(resource: Resource, params: RecordParams, stored: readonly StoredRecord[]): void {
    for (const record of stored) keep(resource, record.key, record)
    for (const [suffix, initial] of resource.initial) {
      if (isOf(resource, initial.params, params)) keep(resource, scope + suffix, null)
    }
  }

  function change(key: string, record: RecordState | null): void {
    const was = found.get(key) ?? { record: null, version: 0 }
    if (!before.has(key)) before.set(key, was.record)
    found.set(key, record === null ? { record, version: versionOf(was) } : { record })
  }

  async function settle(state: RecordState, old: RecordState | null): Promise<RecordState | Refusal> {
    const taken = await holders.takenBy(state)
    if (taken !== null) return refuseRepeated(state.resource, taken.value, taken.holder)
    holders.move(old, state)
    change(state.key, state)
    return state
  }

  return {
    async find(resource, params, id) {
      const text = asId(id)
      return text === null ? null : (await look(resource, recordKey(resource, params, text, scope))).record
    },

    async load(resource, params) {
      keepListed(resource, params, await place.list(recordPrefix(resource, params, scope)))
    },

    keepListed,

    all(resource, params) {
      const records: RecordState[] = []
      for (const { record } of found.values()) {
        if (record?.resource === resource && isOf(resource, record.params, params)) records.push(record)
      }
      return records.sort((a, b) => a.place - b.place)
    },

    async create(resource, { params, id: wanted, scope: values, content, begins = false }) {
      const isKnown = (id: RecordId) => {
        const key = recordKey(resource, params, id, scope)
        return found.has(key) || initialOf(resource, key) !== undefined
      }
      const drawing = { params, scope: values, prefix: scope, clockNow: place.clock.now, count: place.count, isKnown }
      const made = wanted === null ? await makeRecordId(resource, drawing) : { id: wanted, isNew: false }
      if (made === null) return refuseMissingId(resource)
      const { id, isNew } = made
      const key = recordKey(resource, params, id, scope)
      const was: Found = isNew ? { record: null, version: 0 } : await look(resource, key)
      if (was.record !== null) return refuseTakenId(resource, id, params)
      const hasOwner = isNew && resource.ids.maker?.isUnguessable === true && session !== null
      const times = { place: nextPlace(now), updatedAt: now }
      if (begins && resource.hasStates) beginning.add(key)
      return settle({ key, resource, id, params, content: content(id), ...times, version: was.version, hasOwner }, null)
    },

    async update(record, content) {
      return isSame(record.content, content) ? record : settle({ ...record, content, updatedAt: now }, record)
    },

    remove(record) {
      holders.move(record, null)
      change(record.key, null)
    },

    operations() {
      const ofRecords = [...before].flatMap(([key, old]) => operationsOf(found.get(key)?.record ?? null, old))
      return [...ofRecords, ...holders.operations()]
    },
  }

  function operationsOf(record: RecordState | null, old: RecordState | null): WriteOperation[] {
    if (record !== null) {
      const { id, params, resource, hasOwner } = record
      const owned = {
        id: recordFlowId(resource, params, id),
        partner: resource.partner,
        datapoint: resource.name,
        session,
      }
      const owner = hasOwner && old === null ? putOwner(owned) : []
      const begun = beginning.has(record.key) ? [putBeginning(record, { scope, session, now, clock, base })] : []
      return [putRecord(record), ...owner, ...begun]
    }
    // Made and removed by the same request.
    if (old === null) return []
    const gone: WriteOperation =
      initialOf(old.resource, old.key) === undefined
        ? { type: 'delete', key: old.key, expect: old.version }
        : putTombstone(old, now)
    // The flow of a record with states goes with it.
    return old.resource.hasStates ? [gone, { type: 'delete', key: flowKey(old, scope) }] : [gone]
  }
}

function versionOf(found: Found): number {
  return found.record === null ? found.version : found.record.version
}

/** Whether the parameters fit; one that is not asked for fits always. */
function isOf(resource: Resource, params: RecordParams, asked: RecordParams): boolean {
  return resource.scopeNames.every((name) => asked[name] === undefined || params[name] === asked[name])
}

function isSame(one: RecordContent, other: RecordContent): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
