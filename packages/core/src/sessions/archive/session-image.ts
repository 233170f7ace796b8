import type { JsonValue } from '../../ports/storage.ts'

/** A session as it was at one moment, to be made anew: here, or in another storage. */
export interface SessionImage {
  readonly head: ImageHead
  readonly parts: AsyncIterable<ImagePart>
}

export type ImageHead = {
  readonly id: string
  readonly label: string | null
  readonly ttlMs: number
  readonly isolated: boolean
  /** Wall-clock time. */
  readonly takenAt: number
  /** Null where nobody has touched its clock. */
  readonly clock: ImageClock | null
  /** The session's time at that moment. */
  readonly now: number
  /** `partner/datapoint` of each payload in it. */
  readonly payloads: readonly string[]
}

export type ImageClock = { readonly revision: number; readonly isFrozen: boolean }

export type ImagePart = RecordPart | LeadPart

/** A record of the session. */
export type RecordPart = {
  /** Within the session's scope. */
  readonly key: string
  readonly value: JsonValue
  readonly body?: Uint8Array
  readonly expiresAt?: number
  readonly queue?: string
  readonly dueAt?: number
}

/** What leads from an unguessable id to the session. */
export type LeadPart = {
  /** Below `keys.owners`. */
  readonly lead: string
  readonly value: JsonValue
}
