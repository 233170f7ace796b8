import { Buffer } from 'node:buffer'
import type { JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'
import { recordFlowId } from './record-names.ts'
import type { InitialRecord, RecordContent, RecordId, RecordParams, Resource } from './resource.ts'

/** A record of a resource, as it is or as it will be. */
export interface RecordState {
  readonly key: string
  readonly resource: Resource
  readonly id: RecordId
  readonly params: RecordParams
  readonly content: RecordContent
  /** Where it stands in lists: behind all that were made before it. */
  readonly place: number
  /** Wall-clock time; 0 of an initial record that nobody changed. */
  readonly updatedAt: number
  /** Of what is stored; 0 where nothing is. */
  readonly version: number
  /** The id belongs to this session alone, and leads to it. */
  readonly hasOwner: boolean
}

/** What is known of a key: a record, or that there is none, with the version of what says so. */
export type Found = { readonly record: RecordState } | { readonly record: null; readonly version: number }

/** Nothing of what was sent: that is in the body, which `encrypted` covers. */
type RecordValue = {
  readonly place: number
  readonly updatedAt: number
  /** An initial record that is there no more. */
  readonly isDeleted?: true
  /** Made by the server, and unguessable. */
  readonly owned?: RecordOwner
}

type RecordOwner = { readonly id: string; readonly partner: string; readonly datapoint: string }

type RecordBody = { readonly id: RecordId; readonly params: RecordParams; readonly content: RecordContent }

/** What is stored lies over the initial record of the same key. */
export function readRecord(
  resource: Resource,
  key: string,
  stored: StoredRecord | null,
  initial: InitialRecord | undefined,
): Found {
  if (stored === null) {
    if (initial === undefined) return { record: null, version: 0 }
    return { record: { ...initial, key, resource, updatedAt: 0, version: 0, hasOwner: false } }
  }
  const { version, body = noBytes } = stored
  const { isDeleted, owned, place, updatedAt } = stored.value as RecordValue
  if (isDeleted) return { record: null, version }
  assertUnsealed(body)
  const kept = JSON.parse(Buffer.from(body).toString('utf8')) as RecordBody
  return { record: { ...kept, key, resource, place, updatedAt, version, hasOwner: owned !== undefined } }
}

export function putRecord({ key, resource, id, params, content, ...state }: RecordState): PutOperation {
  const { place, updatedAt, version, hasOwner } = state
  const owned = { id: recordFlowId(resource, params, id), partner: resource.partner, datapoint: resource.name }
  const value: RecordValue = { place, updatedAt, ...(hasOwner && { owned }) }
  const body: RecordBody = { id, params, content }
  return {
    type: 'put',
    key,
    value,
    body: Buffer.from(JSON.stringify(body)),
    expect: version === 0 ? 'absent' : version,
  }
}

/** An initial record that was deleted: without this it would be there again. */
export function putTombstone({ key, place, version }: RecordState, now: number): PutOperation {
  const value: RecordValue = { place, updatedAt: now, isDeleted: true }
  return { type: 'put', key, value, expect: version === 0 ? 'absent' : version }
}

/** Whose id leads to the session; of the record as it is listed, its body left out. */
export function ownerOfRecord(value: JsonValue): RecordOwner | null {
  return (value as RecordValue).owned ?? null
}

const noBytes = new Uint8Array(0)
