import { keys, queues } from '../keys.ts'
import type { Storage, StoredRecord, WriteOperation } from '../ports/storage.ts'
import { readBinding } from './bindings.ts'
import { leadKeyOf } from './owned-of.ts'
import { readOwner } from './owners.ts'
import { type SessionValue, type Tombstone, tombstoneOf } from './session-record.ts'

const leaseMs = 30_000
const portion = 200

/** Erases sessions whose time is over and those that a node began to delete and did not finish. Returns when to look again, in milliseconds of the storage's clock. */
export async function sweepSessions(storage: Storage): Promise<number | null> {
  const { records, nextDueAt } = await storage.claim(queues.sessions, { limit: 5, leaseMs })
  for (const record of records) {
    const value = record.value as SessionValue | Tombstone
    const tombstone = tombstoneOf(value)
    const version = value.deleted ? record.version : await buryExpired(storage, record, tombstone)
    if (version !== null) await eraseSession(storage, tombstone, version)
  }
  return records.length > 0 ? 0 : nextDueAt
}

/** From here on nothing new is written into it. Null where somebody used the session in this very moment. */
async function buryExpired(storage: Storage, record: StoredRecord, value: Tombstone): Promise<number | null> {
  const { key, version: expect, dueAt = 0 } = record
  const result = await storage.write([{ type: 'put', key, value, queue: queues.sessions, dueAt, expect }])
  return result.ok ? (result.versions[0] ?? null) : null
}

/** Erases everything in a session that has its tombstone, and the tombstone last: a kill on the way leaves it to the sweep. */
export async function eraseSession(storage: Storage, tombstone: Tombstone, version: number): Promise<void> {
  const prefix = keys.scope(tombstone.id)
  for (;;) {
    const records = await storage.list(prefix, { limit: portion })
    if (records.length === 0) break
    await storage.write([...records.map(erased), ...(await erasedLeads(storage, records, tombstone.id))])
  }
  await eraseLabel(storage, tombstone)
  await eraseBindings(storage, tombstone)
  await storage.write([{ type: 'delete', key: keys.session(tombstone.id), expect: version }])
}

function erased({ key }: StoredRecord): WriteOperation {
  return { type: 'delete', key }
}

/** What leads from an id alone to one of the records. In a copy of a session the same id leads to the original. */
async function erasedLeads(storage: Storage, records: readonly StoredRecord[], id: string): Promise<WriteOperation[]> {
  const scope = keys.scope(id)
  const leadKeys = records.map((record) => leadKeyOf(record, scope)).filter((key) => key !== null)
  if (leadKeys.length === 0) return []
  const leads = await storage.get([...new Set(leadKeys)])
  return leads.flatMap((lead) => (lead !== null && readOwner(lead.value) === id ? [erased(lead)] : []))
}

/** A label may have gone to another session since. */
async function eraseLabel(storage: Storage, { id, label }: Tombstone): Promise<void> {
  if (label === null) return
  const [record = null] = await storage.get([keys.label(label)])
  if (record === null || (record.value as { readonly session: string }).session !== id) return
  await storage.write([{ type: 'delete', key: record.key, expect: record.version }])
}

/** A credential may be bound to another session since. */
async function eraseBindings(storage: Storage, { id, bindings = [] }: Tombstone): Promise<void> {
  if (bindings.length === 0) return
  for (const record of await storage.get(bindings)) {
    if (record === null || readBinding(record) !== id) continue
    await storage.write([{ type: 'delete', key: record.key, expect: record.version }])
  }
}
