import type { PayloadBodies } from '../payloads/payload-bodies.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { Storage, StoredRecord } from '../ports/storage.ts'
import { everyRecord } from '../storage/every-record.ts'
import type { Situation } from './situation.ts'

/** What was read for a request, by key; null where there is none. */
export interface Reading extends Pick<Situation, 'read' | 'list' | 'listed'> {
  (key: string | null): StoredRecord | null
  payload(record: StoredRecord | null): PayloadState | null
}

export interface ReadingServices {
  readonly storage: Storage
  readonly bodies: PayloadBodies
}

/** One call for all the keys that are wanted, and beside it one for each prefix of which everything is. */
export async function readWanted(
  { storage, bodies }: ReadingServices,
  wanted: readonly (string | null)[],
  prefixes: readonly string[] = [],
): Promise<Reading> {
  const present = [...new Set(wanted.filter((key) => key !== null))]
  const held = bodies.hold(present)
  const distinct = [...new Set(prefixes)]
  const [records, ...lists] = await Promise.all([
    storage.get(present, { known: held.known }),
    ...distinct.map((prefix) => listAll(storage, prefix)),
  ])
  const known = new Map(present.map((key, index) => [key, records[index] ?? null]))
  const listed = new Map(distinct.map((prefix, index) => [prefix, lists[index] ?? []]))
  const find = (key: string | null) => (key === null ? null : (known.get(key) ?? null))
  return Object.assign(find, {
    payload: held.complete,
    ...furtherReading(storage, known),
    list: async (prefix: string) => listed.get(prefix) ?? listAll(storage, prefix),
    listed: (prefix: string) => listed.get(prefix) ?? [],
  })
}

/** Of a request that nothing was read for. */
export function readNothing(storage: Storage): Reading {
  return Object.assign(() => null, {
    payload: () => null,
    ...furtherReading(storage, new Map()),
    list: (prefix: string) => listAll(storage, prefix),
    listed: () => [],
  })
}

function furtherReading(storage: Storage, known: Map<string, StoredRecord | null>): Pick<Situation, 'read'> {
  return {
    async read(keys) {
      const missing = keys.filter((key) => !known.has(key))
      if (missing.length > 0) {
        const records = await storage.get(missing)
        for (const [index, key] of missing.entries()) known.set(key, records[index] ?? null)
      }
      return keys.map((key) => known.get(key) ?? null)
    },
  }
}

/** No record is longer than a request may be, and hardly one is longer than a page. */
const portion = 200

async function listAll(storage: Storage, prefix: string): Promise<StoredRecord[]> {
  const records: StoredRecord[] = []
  for await (const record of everyRecord(storage, prefix, { bodies: true, portion })) records.push(record)
  return records
}
