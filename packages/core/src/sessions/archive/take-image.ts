import { keys } from '../../keys.ts'
import { payloadName } from '../../payloads/payload-params.ts'
import type { PayloadValue } from '../../payloads/payload-record.ts'
import type { Clock } from '../../ports/clock.ts'
import type { Storage, StoredRecord } from '../../ports/storage.ts'
import { assertUnsealed } from '../../storage/encryption/sealed-body.ts'
import { everyRecord } from '../../storage/every-record.ts'
import { isFrozen, timeOn, wallTime } from '../../time/scope-clock.ts'
import { leadKeyOf } from '../owned-of.ts'
import { readOwner } from '../owners.ts'
import type { SessionValue } from '../session-record.ts'
import type { ImagePart, SessionImage } from './session-image.ts'

export interface TakeImageOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly session: SessionValue
  /** Partners whose global payloads are taken, too, where the session has none of its own. @default none */
  readonly sharedPayloadsOf?: ReadonlySet<string>
}

/**
 * What the session is now, for a copy of it. Not in it: its journal, and its callbacks, which stay the original's to make;
 * what leads to it (label, token, credentials); counters, which are no records.
 */
export async function takeImage(options: TakeImageOptions): Promise<SessionImage> {
  const { storage, clock, session } = options
  const takenAt = clock.now()
  const shared = await sharedPayloads(options)
  const { id, label, ttlMs, isolated, payloads } = session
  const ownClock = session.clock ?? null
  return {
    head: {
      id,
      label,
      ttlMs,
      isolated,
      takenAt,
      clock: ownClock === null ? null : { revision: ownClock.revision, isFrozen: isFrozen(ownClock) },
      now: timeOn(ownClock ?? wallTime, takenAt),
      payloads: [...payloads, ...shared.map(({ name }) => name)],
    },
    parts: partsOf(
      storage,
      id,
      shared.map(({ key }) => key),
    ),
  }
}

/** The original makes its own callbacks, and remembers its own requests. */
function staysBehind(key: string, scope: string): boolean {
  return [keys.deliveries(scope), keys.lane(scope, ''), keys.journal(scope)].some((prefix) => key.startsWith(prefix))
}

async function* partsOf(storage: Storage, id: string, shared: readonly string[]): AsyncGenerator<ImagePart> {
  const scope = keys.scope(id)
  for await (const record of everyRecord(storage, scope, { bodies: true })) {
    if (staysBehind(record.key, scope)) continue
    yield partOf(record, scope)
    const leadKey = leadKeyOf(record, scope)
    const [lead = null] = leadKey === null ? [] : await storage.get([leadKey])
    if (lead !== null && readOwner(lead.value) === id)
      yield { lead: lead.key.slice(keys.owners.length), value: lead.value }
  }
  for (const key of shared) {
    const [record = null] = await storage.get([key])
    if (record !== null) yield partOf(record, keys.scope(null))
  }
}

function partOf({ key, version: _version, body, ...rest }: StoredRecord, scope: string): ImagePart {
  if (body !== undefined) assertUnsealed(body)
  return { ...rest, key: key.slice(scope.length), ...(body !== undefined && { body }) }
}

async function sharedPayloads({ storage, session, sharedPayloadsOf = new Set() }: TakeImageOptions) {
  if (session.isolated || sharedPayloadsOf.size === 0) return []
  const [scope, own] = [keys.scope(null), keys.scope(session.id)]
  const found: { readonly key: string; readonly name: string }[] = []
  for await (const record of everyRecord(storage, keys.payloads(scope))) {
    const value = record.value as PayloadValue
    const { partner, datapoint } = value
    if (!sharedPayloadsOf.has(partner)) continue
    // What a session has of its own, the general payload included, comes before everything global.
    const hiding = [own + record.key.slice(scope.length), keys.payload(own, partner, datapoint)]
    const hides = (await storage.get([...new Set(hiding)])).some((one) => one !== null)
    if (!hides) found.push({ key: record.key, name: payloadName(value) })
  }
  return found
}
