import { randomBytes } from 'node:crypto'
import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { PutOperation, Storage, StoredRecord, WriteOperation } from '../ports/storage.ts'
import { everyScope } from '../sessions/every-scope.ts'
import { readSession } from '../sessions/session-record.ts'
import { assertUnsealed } from '../storage/encryption/sealed-body.ts'
import { everyRecord } from '../storage/every-record.ts'
import type { ChunkValue, JournalEntry, JournalLimits } from './journal-entry.ts'
import { packEntries, unpackEntries } from './pack-entries.ts'

/** The journal of all nodes, in chunks: a record for each scope and each time that a node wrote. */
export interface JournalStore {
  /** What was answered in a session that is gone is gone with it. */
  write(byScope: ReadonlyMap<string | null, Scribed>): Promise<void>
  /** Newest first, as many as fit. */
  read(filter: ReadFilter): Promise<JournalEntry[]>
  /** Requests since then that came and were not written down; of a session also those that named none. */
  dropped(session: string | null | undefined, since: number): Promise<number>
  /** Chunks with a key after this one, in the order of their keys. */
  chunksAfter(session: string | null, after: string): Promise<readonly { key: string; entries: JournalEntry[] }[]>
}

export interface Scribed {
  readonly entries: readonly JournalEntry[]
  readonly dropped: number
}

export interface ReadFilter {
  /** Absent: every session and the global scope; null: the global scope alone. */
  readonly session?: string | null | undefined
  readonly limit: number
  readonly fits: (entry: JournalEntry) => boolean
}

export interface JournalStoreOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly limits: JournalLimits
}

/** Bodies are small, and a chunk holds no more than 500 entries. */
const portion = 10
const scopesAtOnce = 50
/** A scope is pruned after so many chunks of this node. */
const pruneEvery = 100
const attempts = 5

export function createJournalStore({ storage, clock, limits }: JournalStoreOptions): JournalStore {
  const node = randomBytes(4).toString('hex')
  const written = new Map<string | null, number>()
  let sequence = 0

  function putChunk(session: string | null, { entries, dropped }: Scribed): PutOperation {
    const now = clock.now()
    const body = packEntries(entries)
    const times = entries.map(({ facts }) => facts.at)
    const value: ChunkValue = {
      count: entries.length,
      dropped,
      bytes: body.byteLength,
      from: times.length === 0 ? now : Math.min(...times),
      to: now,
    }
    sequence = (sequence + 1) % 0x1000000
    const key = keys.journalChunk(keys.scope(session), now, `${node}${sequence.toString(16).padStart(6, '0')}`)
    return { type: 'put', key, value, body, expiresAt: now + limits.ageMs }
  }

  /** Some scopes in one write; again where a session was changed in this moment. */
  async function writeSome(scopes: readonly (readonly [string | null, Scribed])[]): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const sessions = scopes.flatMap(([session]) => (session === null ? [] : [session]))
      const records = sessions.length === 0 ? [] : await storage.get(sessions.map(keys.session))
      const operations: WriteOperation[] = []
      for (const [session, scribed] of scopes) {
        const record = session === null ? null : (records[sessions.indexOf(session)] ?? null)
        const state = readSession(record, clock.now())
        if (session !== null && state === null) {
          // A request that nothing matched may name a session that never was.
          const lost = scribed.entries.filter(({ facts }) => facts.refusedBy === 'no_route')
          if (lost.length > 0) operations.push(putChunk(null, { entries: lost, dropped: 0 }))
          continue
        }
        operations.push(putChunk(session, scribed))
        if (state !== null) operations.push({ type: 'check', key: state.key, expect: state.version })
      }
      if (operations.length === 0 || (await storage.write(operations)).ok) return
    }
    // A session that is used without a pause stands in the way of the others no longer.
    if (scopes.length === 1) throw new Error('The session was changed again and again in the same moment.')
    for (const scope of scopes) await writeSome([scope])
  }

  async function prune(session: string | null): Promise<void> {
    let [entries, bytes] = [0, 0]
    const old: string[] = []
    const chunks: StoredRecord[] = []
    for await (const record of everyRecord(storage, keys.journal(keys.scope(session)))) chunks.push(record)
    for (const record of chunks.reverse()) {
      const value = record.value as ChunkValue
      entries += value.count
      bytes += value.bytes
      if (entries > limits.entries || bytes > limits.bytes) old.push(record.key)
    }
    for (let start = 0; start < old.length; start += 200)
      await storage.write(old.slice(start, start + 200).map((key) => ({ type: 'delete', key })))
  }

  async function countTowardsPruning(session: string | null): Promise<void> {
    const count = (written.get(session) ?? 0) + 1
    written.set(session, count % pruneEvery)
    if (written.size > 10_000) written.clear()
    if (count >= pruneEvery) await prune(session)
  }

  /** Newest first. */
  async function readScope(scope: string, { limit, fits }: ReadFilter): Promise<JournalEntry[]> {
    const found: JournalEntry[] = []
    let before: string | undefined
    while (found.length < limit) {
      const options = { limit: portion, reverse: true, bodies: true, ...(before === undefined ? {} : { before }) }
      const records = await storage.list(keys.journal(scope), options)
      for (const record of records) found.push(...entriesOf(record).reverse().filter(fits))
      before = records.at(-1)?.key
      if (records.length < portion) break
    }
    return found
  }

  return {
    async write(byScope) {
      const scopes = [...byScope]
      for (let start = 0; start < scopes.length; start += scopesAtOnce)
        await writeSome(scopes.slice(start, start + scopesAtOnce))
      for (const session of byScope.keys()) await countTowardsPruning(session)
    },

    async read(filter) {
      const { session, limit } = filter
      const scopes = session === undefined ? await everyScope(storage, clock) : [keys.scope(session)]
      const found: JournalEntry[] = []
      for (const scope of scopes) found.push(...(await readScope(scope, filter)))
      return found.sort((a, b) => comeFirst(b, a)).slice(0, limit)
    },

    async dropped(session, since) {
      const scopes =
        session === undefined ? await everyScope(storage, clock) : [...new Set([keys.scope(session), keys.scope(null)])]
      let sum = 0
      for (const scope of scopes) {
        for await (const record of everyRecord(storage, keys.journal(scope))) {
          const value = record.value as ChunkValue
          if (value.to >= since) sum += value.dropped
        }
      }
      return sum
    },

    async chunksAfter(session, after) {
      const prefix = keys.journal(keys.scope(session))
      const records = await storage.list(prefix, { limit: 50, bodies: true, after: after === '' ? prefix : after })
      return records.map((record) => ({ key: record.key, entries: entriesOf(record) }))
    },
  }
}

/** What came in the same millisecond is told apart by its ids, which rise. */
export function comeFirst({ facts: a }: JournalEntry, { facts: b }: JournalEntry): number {
  return a.at - b.at || (a.id < b.id ? -1 : 1)
}

function entriesOf({ body }: StoredRecord): JournalEntry[] {
  if (body === undefined) return []
  assertUnsealed(body)
  return unpackEntries(body)
}
