import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { everyRecord } from '../storage/every-record.ts'
import { readSession } from './session-record.ts'

/** The key prefixes of the global scope and of every session that is there. */
export async function everyScope(storage: Storage, clock: Clock): Promise<string[]> {
  const scopes = [keys.scope(null)]
  for await (const record of everyRecord(storage, keys.sessions)) {
    const session = readSession(record, clock.now())
    if (session !== null) scopes.push(keys.scope(session.value.id))
  }
  return scopes
}
