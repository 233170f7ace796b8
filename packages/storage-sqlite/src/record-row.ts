import type { JsonValue, StoredRecord } from '@imnot/core'

/** A row of `records`; `body` is null also where it was not asked for. */
export interface RecordRow {
  readonly id: number
  readonly key: string
  readonly version: number
  readonly expires_at: number | null
  readonly queue: string | null
  readonly due_at: number | null
  readonly value: string
  readonly body: Uint8Array | null
}

export function storedRecord({ key, version, expires_at, queue, due_at, value, body }: RecordRow): StoredRecord {
  return {
    key,
    version,
    value: JSON.parse(value) as JsonValue,
    ...(body !== null && { body }),
    ...(expires_at !== null && { expiresAt: expires_at }),
    ...(queue !== null && due_at !== null && { queue, dueAt: due_at }),
  }
}
