import { keys, queues } from '../keys.ts'
import type { JsonValue, PutOperation, StoredRecord } from '../ports/storage.ts'
import type { ScopeClock } from '../time/scope-clock.ts'
import type { Binding } from './bindings.ts'

/** What is kept of a session. A deleted session leaves `{ deleted: true }` until everything in it is erased. */
export type SessionValue = {
  readonly id: string
  readonly label: string | null
  readonly createdAt: number
  readonly lastUsedAt: number
  /** The session ends when it was not used for so long, in milliseconds. */
  readonly ttlMs: number
  readonly expiresAt: number
  /** An isolated session never falls back to a global payload or flow. */
  readonly isolated: boolean
  /** SHA-256 of the token that admits to this session's admin routes, in hexadecimal. */
  readonly tokenHash: string
  /** `partner/datapoint` of each payload uploaded into it, in the order of the first uploads. */
  readonly payloads: readonly string[]
  /** Credentials that lead to it. Absent: none. */
  readonly bindings?: readonly Binding[]
  /** Absent while nobody has touched it: the wall clock. */
  readonly clock?: ScopeClock
  readonly deleted: false
}

export type Tombstone = {
  readonly id: string
  readonly label: string | null
  /** Keys of the records that led to it. Absent: none. */
  readonly bindings?: readonly string[]
  readonly deleted: true
}

export interface SessionState {
  readonly key: string
  readonly version: number
  readonly value: SessionValue
}

/** Null for a session that is unknown, deleted, or has lived out its time by `now`. */
export function readSession(record: StoredRecord | null, now: number): SessionState | null {
  if (record === null) return null
  const value = record.value as SessionValue | Tombstone
  if (value.deleted || value.expiresAt <= now) return null
  return { key: record.key, version: record.version, value }
}

/** The session's record as it is to be written; its queue is where the sweep finds it once its time is over. */
export function putSession(value: SessionValue, expect: PutOperation['expect']): PutOperation {
  return {
    type: 'put',
    key: keys.session(value.id),
    value,
    queue: queues.sessions,
    dueAt: value.expiresAt,
    ...(expect === undefined ? {} : { expect }),
  }
}

/** The same session, used just now. */
export function touched(value: SessionValue, now: number): SessionValue {
  return { ...value, lastUsedAt: now, expiresAt: now + value.ttlMs }
}

/** Use is written down at most once in a hundredth of the lifetime, so that reading stays reading. */
export function needsTouch(value: SessionValue, now: number): boolean {
  return now - value.lastUsedAt > value.ttlMs / 100
}

/** What is left of it until everything in it is erased. */
export function tombstoneOf(value: SessionValue | Tombstone): Tombstone {
  if (value.deleted) return value
  const { id, label, bindings = [] } = value
  return { id, label, ...(bindings.length > 0 && { bindings: bindings.map(({ key }) => key) }), deleted: true }
}

/** As the admin API shows it; `partner` and `datapoint` are the Python imnot's, which knew one payload for each session. */
export function describeSession(value: SessionValue): Readonly<Record<string, JsonValue>> {
  const payloads = value.payloads.map((name) => {
    const [place = '', params] = name.split('?')
    const [partner = '', datapoint = ''] = place.split('/')
    return {
      partner,
      datapoint,
      ...(params !== undefined && { params: Object.fromEntries(new URLSearchParams(params)) }),
    }
  })
  return {
    session_id: value.id,
    label: value.label,
    partner: payloads[0]?.partner ?? null,
    datapoint: payloads[0]?.datapoint ?? null,
    payloads,
    isolated: value.isolated,
    bindings: (value.bindings ?? []).map(({ kind, shown }) => ({ kind, value: shown })),
    created_at: new Date(value.createdAt).toISOString(),
    last_used: new Date(value.lastUsedAt).toISOString(),
    expires_at: new Date(value.expiresAt).toISOString(),
  }
}
