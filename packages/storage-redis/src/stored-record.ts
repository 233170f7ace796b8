import type { JsonValue, StoredRecord } from '@imnot/core'

/** A record as the scripts return it; a large body as its size alone, which a client with `stringNumbers` makes a string. */
export type RecordReply = readonly [
  key: Buffer,
  version: Buffer,
  value: Buffer,
  expiresAt: Buffer | null,
  queue: Buffer | null,
  dueAt: Buffer | null,
  body: Buffer | number | string | null,
]

export function storedRecord(reply: RecordReply, body: Buffer | null): StoredRecord {
  const [key, version, value, expiresAt, queue, dueAt] = reply
  return {
    key: String(key),
    version: Number(version),
    value: JSON.parse(String(value)) as JsonValue,
    ...(body !== null && { body }),
    ...(expiresAt !== null && { expiresAt: Number(expiresAt) }),
    ...(queue !== null && { queue: String(queue), dueAt: Number(dueAt) }),
  }
}
