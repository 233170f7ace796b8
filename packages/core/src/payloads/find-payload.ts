import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { readSession } from '../sessions/session-record.ts'
import type { PayloadPlace } from './payload-store.ts'
import { type PayloadState, readPayload } from './payload-record.ts'

/** The payload that a session sees: its own, else the global one unless it is isolated; null where there is none. */
export async function findPayload(storage: Storage, clock: Clock, place: PayloadPlace): Promise<PayloadState | null> {
  const { partner, datapoint, session } = place
  const shared = keys.payload(keys.scope(null), partner, datapoint)
  if (session === null) return readPayload((await storage.get([shared]))[0])
  const own = keys.payload(keys.scope(session), partner, datapoint)
  const [state = null, ownRecord, sharedRecord] = await storage.get([keys.session(session), own, shared])
  const fallsBack = readSession(state, clock.now())?.value.isolated === false
  return readPayload(ownRecord) ?? (fallsBack ? readPayload(sharedRecord) : null)
}
