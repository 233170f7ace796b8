import { createHash } from 'node:crypto'
import { untilWon, lostRace } from '../concurrency/write-retry.ts'
import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { putSession, readSession, touched } from '../sessions/session-record.ts'
import { everyRecord } from '../storage/every-record.ts'
import { type PayloadParams, payloadName } from './payload-params.ts'
import { type PayloadState, type PayloadValue, readPayload } from './payload-record.ts'

/** The payloads of a storage, as the admin API changes them. */
export interface PayloadStore {
  /** Replaces the payload as a whole. Null where the session is not there. */
  put(place: PayloadPlace, bytes: Uint8Array, kind: PayloadKind): Promise<PayloadValue | null>
  /** Null where there is none in exactly this scope: no fallback. */
  get(place: PayloadPlace): Promise<PayloadState | null>
  /** What is kept beside the bytes, of every payload in exactly this scope: by partner and datapoint. */
  list(session: string | null): Promise<PayloadValue[]>
  /** False where there was none. */
  remove(place: PayloadPlace): Promise<boolean>
}

export interface PayloadPlace {
  readonly partner: string
  readonly datapoint: string
  /** A session's id; null is the global scope. */
  readonly session: string | null
  /** The values of path parameters that it is for. @default the general payload */
  readonly params?: PayloadParams
}

/** What an upload says beside its bytes. */
export type PayloadKind = Pick<PayloadValue, 'contentType' | 'status' | 'headers'>

export interface PayloadStoreOptions {
  readonly storage: Storage
  readonly clock: Clock
}

export function createPayloadStore({ storage, clock }: PayloadStoreOptions): PayloadStore {
  const keyOf = ({ partner, datapoint, session, params }: PayloadPlace) =>
    keys.payload(keys.scope(session), partner, datapoint, params)

  /** The session's record with this payload listed in it; it is also the check that the session is still there. */
  async function listInSession(place: PayloadPlace, listed: boolean): Promise<WriteOperation[] | null> {
    if (place.session === null) return []
    const [record = null] = await storage.get([keys.session(place.session)])
    const session = readSession(record, clock.now())
    if (session === null) return null
    const name = payloadName(place)
    const others = session.value.payloads.filter((payload) => payload !== name)
    const payloads = listed ? [...others, name].sort((a, b) => order(session.value.payloads, a, b)) : others
    return [putSession({ ...touched(session.value, clock.now()), payloads }, session.version)]
  }

  return {
    put(place, bytes, kind) {
      const { params = {} } = place
      const value: PayloadValue = {
        partner: place.partner,
        datapoint: place.datapoint,
        ...kind,
        bytes: bytes.byteLength,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        updatedAt: clock.now(),
        ...(Object.keys(params).length > 0 && { params }),
      }
      return untilWon(clock, async () => {
        const listing = await listInSession(place, true)
        if (listing === null) return null
        const result = await storage.write([{ type: 'put', key: keyOf(place), value, body: bytes }, ...listing])
        return result.ok ? value : lostRace
      })
    },

    async get(place) {
      return readPayload((await storage.get([keyOf(place)]))[0])
    },

    async list(session) {
      const values: PayloadValue[] = []
      for await (const record of everyRecord(storage, keys.payloads(keys.scope(session)))) {
        values.push(record.value as PayloadValue)
      }
      return values
    },

    remove(place) {
      return untilWon(clock, async () => {
        const [record = null] = await storage.get([keyOf(place)])
        if (record === null) return false
        const listing = (await listInSession(place, false)) ?? []
        const result = await storage.write([{ type: 'delete', key: record.key, expect: record.version }, ...listing])
        return result.ok ? true : lostRace
      })
    },
  }
}

/** Names keep the order of their first uploads; a new one comes last. */
function order(before: readonly string[], a: string, b: string): number {
  const position = (name: string) => (before.includes(name) ? before.indexOf(name) : before.length)
  return position(a) - position(b)
}
