import { createHash, randomBytes, randomUUID } from 'node:crypto'
import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { keys, queues } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, StoredRecord } from '../ports/storage.ts'
import { everyRecord } from '../storage/every-record.ts'
import type { ScopeClock } from '../time/scope-clock.ts'
import { bindTo, type Taken } from './bind.ts'
import type { Bindings } from './bindings.ts'
import type { ClientCredential } from './credentials.ts'
import {
  putSession,
  readSession,
  type SessionState,
  type SessionValue,
  type Tombstone,
  tombstoneOf,
} from './session-record.ts'
import { eraseSession } from './sweep.ts'

/** The sessions of a storage. */
export interface SessionStore {
  create(options?: CreateSession): Promise<CreatedSession | LabelTaken | Taken>
  /** Takes an id for a session whose content comes before it: null where something has it. To others it is one that is being deleted. */
  begin(id?: string): Promise<BegunSession | null>
  /** Erases what came of it so far. */
  abandon(begun: BegunSession): Promise<void>
  /** By id or label; null for one that is unknown, deleted or expired. */
  find(idOrLabel: string): Promise<SessionState | null>
  /** Newest first. */
  list(): Promise<SessionValue[]>
  /** Deletes the session at once for everybody, and resolves when everything in it is erased. False where it was not there. */
  delete(idOrLabel: string): Promise<boolean>
}

export interface CreateSession {
  /** Unique among live sessions. */
  readonly label?: string | null
  /** How long it lives unused, in milliseconds. @default 7 days */
  readonly ttlMs?: number
  /** Never falls back to global payloads and flows. @default false */
  readonly isolated?: boolean
  /** Credentials that lead to it; each leads to one live session at most. @default none */
  readonly bind?: readonly ClientCredential[]
  /** Its content is there already. @default an empty one */
  readonly begun?: BegunSession
  /** `partner/datapoint` of each payload in it. @default none */
  readonly payloads?: readonly string[]
  /** @default the wall clock */
  readonly clock?: ScopeClock
}

export interface BegunSession {
  readonly id: string
  readonly version: number
}

export interface CreatedSession {
  readonly session: SessionValue
  /** Admits to this session's admin routes; told once, and kept only as a hash. */
  readonly token: string
}

/** The label belongs to this session, which is alive. */
export interface LabelTaken {
  readonly labelTaken: string
}

export interface SessionStoreOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly bindings: Bindings
}

const week = 7 * 24 * 3_600_000

/** While the deleting node erases a session itself, nobody else need come to help. */
const eraseLeaseMs = 30_000

/** The content of a session must be there so soon; what a killed node leaves is swept up then. */
const contentLeaseMs = 10 * 60_000

export function createSessionStore({ storage, clock, bindings }: SessionStoreOptions): SessionStore {
  async function readById(id: string): Promise<SessionState | null> {
    const [record = null] = await storage.get([keys.session(id)])
    return readSession(record, clock.now())
  }

  async function find(idOrLabel: string): Promise<SessionState | null> {
    const [record = null, label = null] = await storage.get([keys.session(idOrLabel), keys.label(idOrLabel)])
    const byId = readSession(record, clock.now())
    if (byId !== null || label === null) return byId
    return readById(sessionOfLabel(label))
  }

  return {
    async begin(id = randomUUID()) {
      const value: Tombstone = { id, label: null, deleted: true }
      const dueAt = clock.now() + contentLeaseMs
      const result = await storage.write([
        { type: 'put', key: keys.session(id), value, queue: queues.sessions, dueAt, expect: 'absent' },
      ])
      return result.ok ? { id, version: result.versions[0] ?? 0 } : null
    },

    abandon: ({ id, version }) => eraseSession(storage, { id, label: null, deleted: true }, version),

    async create(options = {}) {
      const { label = null, ttlMs = week, isolated = false, bind = [], begun, payloads = [] } = options
      const now = clock.now()
      const id = begun?.id ?? randomUUID()
      const token = `${tokenPrefix}${id}.${randomBytes(24).toString('base64url')}`
      const bound = await bindings.bind(bind)
      const session: SessionValue = {
        id,
        label,
        createdAt: now,
        lastUsedAt: now,
        ttlMs,
        expiresAt: now + ttlMs,
        isolated,
        tokenHash: hashToken(token),
        payloads,
        ...(bound.length > 0 && { bindings: bound }),
        ...(options.clock !== undefined && { clock: options.clock }),
        deleted: false,
      }
      return untilWon<CreatedSession | LabelTaken | Taken>(clock, async () => {
        const leading = await bindTo(storage, session, clock.now())
        if ('binding' in leading) return leading
        const operations = [putSession(session, begun?.version ?? 'absent'), ...leading]
        if (label === null) {
          const result = await storage.write(operations)
          return result.ok ? { session, token } : lostRace
        }
        const [record = null] = await storage.get([keys.label(label)])
        const holder = record === null ? null : await readById(sessionOfLabel(record))
        if (holder !== null) return { labelTaken: holder.value.id }
        const expect = record?.version ?? 'absent'
        const named = { type: 'put', key: keys.label(label), value: { session: id }, expect } as const
        const result = await storage.write([...operations, named])
        return result.ok ? { session, token } : lostRace
      })
    },

    find,

    async list() {
      const now = clock.now()
      const values: SessionValue[] = []
      for await (const record of everyRecord(storage, keys.sessions)) {
        const session = readSession(record, now)
        if (session !== null) values.push(session.value)
      }
      return values.sort((a, b) => b.createdAt - a.createdAt)
    },

    delete(idOrLabel) {
      return untilWon(clock, async () => {
        const session = await find(idOrLabel)
        if (session === null) return false
        const value = tombstoneOf(session.value)
        const dueAt = clock.now() + eraseLeaseMs
        const result = await storage.write([
          { type: 'put', key: session.key, value, queue: queues.sessions, dueAt, expect: session.version },
        ])
        if (!result.ok) return lostRace
        await eraseSession(storage, value, result.versions[0] ?? 0)
        return true
      })
    },
  }
}

const tokenPrefix = 'imnot_'

export function hashToken(token: string): string {
  return createHash('sha256').update(token).digest('hex')
}

/** The session that a token says it is of; null for what is no session token. Whether it really is, its hash tells. */
export function sessionOfToken(token: string): string | null {
  if (!token.startsWith(tokenPrefix)) return null
  const end = token.indexOf('.')
  return end === -1 ? null : token.slice(tokenPrefix.length, end)
}

function sessionOfLabel(record: StoredRecord): string {
  return (record.value as { readonly session: string }).session
}
