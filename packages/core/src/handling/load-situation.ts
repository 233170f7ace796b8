import { laneKeyOf } from '../deliveries/lane.ts'
import { readAlias } from '../flows/alias.ts'
import { readFlow } from '../flows/flow-record.ts'
import { keys } from '../keys.ts'
import type { FlowAlias } from '../patterns/pattern.ts'
import type { PayloadBodies } from '../payloads/payload-bodies.ts'
import type { PayloadParams } from '../payloads/payload-params.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage, StoredRecord } from '../ports/storage.ts'
import { type BindingPlace, type Bindings, boundIn } from '../sessions/bindings.ts'
import type { ClientCredential } from '../sessions/credentials.ts'
import { flowOfOwner, type Owners, readOwner } from '../sessions/owners.ts'
import { readSession } from '../sessions/session-record.ts'
import { globalClock, sessionClock } from '../time/clock-reading.ts'
import { readEpoch } from '../time/epoch.ts'
import { type Reading, readNothing, readWanted } from './read-wanted.ts'
import type { NamedSession } from './session-rules.ts'
import type { Situation } from './situation.ts'

/** What a request wants to know of the storage. */
export interface Wanted {
  readonly partner: string
  readonly datapoint: string
  /** The session that the request names or proves, and how; null where it does neither. */
  readonly session: NamedSession | null
  /** What may lead to a session where the request names none. */
  readonly credentials: () => readonly ClientCredential[]
  /** The flow that the request names; null where it names none. */
  readonly flowId: string | null
  /** A generated id by which it names the flow instead. @default null */
  readonly alias?: FlowAlias | null
  /** The session that the generated id has led to. */
  readonly owner?: string
  readonly payload: boolean
  /** The values of path parameters that a payload may be for, the closest first; the general one comes after them. */
  readonly payloadChoices?: readonly PayloadParams[]
  /** Whether the lane of the flow's deliveries is read with it. */
  readonly attempts?: boolean
  /** Keys of further records, by the scope of the session that the request turns out to belong to. */
  readonly keys?: ((scope: string) => readonly string[]) | undefined
  /** Prefixes of which everything is wanted, by the same scope. */
  readonly lists?: ((scope: string) => readonly string[]) | undefined
}

export interface SituationServices {
  readonly storage: Storage
  readonly clock: Clock
  readonly bodies: PayloadBodies
  readonly owners: Owners
  readonly bindings: Bindings
}

/** The session that was named is not there (any more). */
export const unknownSession = Symbol('unknown session')

/**
 * Reads all that concerns the request in one storage call, in the session of the first rule that applies. Only an id or a
 * credential that this process has never met takes a further one, to the session that it leads to; a generated id takes one
 * before, to the flow that it leads to.
 */
export async function loadSituation(
  services: SituationServices,
  wanted: Wanted,
): Promise<Situation | typeof unknownSession> {
  if (wanted.alias !== undefined && wanted.alias !== null) {
    return loadSituation(services, await followAlias(services, wanted, wanted.alias))
  }
  if (wanted.session !== null) return loadIn(services, wanted, wanted.session)
  const { bindings } = services
  if (bindings.areInUse()) return loadByCredential(services, wanted)
  const situation = await loadUnnamed(services, wanted)
  // The first credential of all was bound a moment ago, and this node has not heard of it.
  bindings.learn(readEpoch(situation.record(keys.epoch)).value.bindings)
  return bindings.areInUse() ? loadByCredential(services, wanted) : situation
}

async function loadByCredential(services: SituationServices, wanted: Wanted): Promise<Situation> {
  const { bindings, storage } = services
  const places = await bindings.placesOf(wanted.credentials())
  const recalled = bindings.recall(places)
  if (recalled !== null) {
    const situation = await loadIn(services, wanted, { id: recalled.session, by: recalled.rule }, places)
    const isSo = situation !== unknownSession && boundIn(places, situation.record)?.session === recalled.session
    if (isSo) return situation
  }
  const records = places.length === 0 ? [] : await storage.get(places.map(({ key }) => key))
  const bound = boundIn(places, (key) => records.find((record) => record?.key === key) ?? null)
  if (bound !== null) {
    const situation = await loadIn(services, wanted, { id: bound.session, by: bound.rule })
    bindings.remember(bound)
    // A session that is gone has left its credentials for a moment: they lead nowhere.
    if (situation !== unknownSession) return situation
  }
  return loadUnnamed(services, wanted)
}

/** By the flow, where its id was generated in a session, else in the global scope. */
async function loadUnnamed(services: SituationServices, wanted: Wanted): Promise<Situation> {
  if (wanted.flowId === null) return loadGlobal(services, wanted)
  const ownerKey = keys.owner(wanted.flowId, wanted.partner, wanted.datapoint)
  const owner = wanted.owner ?? services.owners.get(ownerKey)
  if (owner === undefined) return loadByFlow(services, wanted, ownerKey)
  return asUnknownFlow(await loadIn(services, wanted, { id: owner, by: 'flow' }), services)
}

/** With the flow that the generated id leads to; it may have been replaced by another since, which only the flow can tell. */
async function followAlias(services: SituationServices, wanted: Wanted, { name, value }: FlowAlias): Promise<Wanted> {
  const { partner, datapoint, session } = wanted
  const keyIn = (scope: string | null) => keys.alias(keys.scope(scope), partner, datapoint, name, value)
  const found = { ...wanted, alias: null }
  if (session !== null) {
    const [own, shared] = await services.storage.get([keyIn(session.id), keyIn(null)])
    return { ...found, flowId: readAlias(own) ?? readAlias(shared) }
  }
  const [shared, owner = null] = await services.storage.get([keyIn(null), keys.owner(value, partner, datapoint)])
  const flowId = readAlias(shared)
  if (flowId !== null || owner === null) return { ...found, flowId }
  return { ...found, flowId: flowOfOwner(owner.value), owner: readOwner(owner.value) }
}

async function loadIn(
  services: SituationServices,
  wanted: Wanted,
  { id: session, by }: NamedSession,
  places: readonly BindingPlace[] = [],
): Promise<Situation | typeof unknownSession> {
  const own = scopeKeys(wanted, session)
  const shared = scopeKeys(wanted, null)
  const more = wanted.keys?.(own.scope) ?? []
  const epoch = wanted.flowId === null ? null : keys.epoch
  const flows = [own.flow, own.lane, shared.flow, shared.lane]
  const kept = [keys.session(session), ...own.payloads, ...shared.payloads, ...flows, epoch]
  const read = await readWanted(
    services,
    [...kept, ...more, ...places.map(({ key }) => key)],
    wanted.lists?.(own.scope),
  )
  const now = services.clock.now()
  const state = readSession(read(keys.session(session)), now)
  if (state === null) return unknownSession
  const fallsBack = !state.value.isolated
  const payload = firstOf(own.payloads, read) ?? (fallsBack ? firstOf(shared.payloads, read) : null)
  const flow = readFlow(read(own.flow) ?? (fallsBack ? read(shared.flow) : null))
  const clock = sessionClock(state, now)
  const shareds = epoch === null ? null : globalClock(read(epoch), now)
  const isShared = flow !== null && flow.value.session === null
  return {
    now,
    clock,
    flowClock: isShared ? (shareds ?? clock) : clock,
    globalClock: shareds,
    session: state,
    sessionBy: by,
    scope: own.scope,
    flow,
    payload: read.payload(payload),
    ...readingOf(read),
  }
}

async function loadGlobal(services: SituationServices, wanted: Wanted): Promise<Situation> {
  const shared = scopeKeys(wanted, null)
  const more = wanted.keys?.(shared.scope) ?? []
  const lists = wanted.lists?.(shared.scope)
  const read = await readWanted(services, [keys.epoch, ...shared.payloads, ...more], lists)
  return globalSituation(services, read, { payload: read.payload(firstOf(shared.payloads, read)) })
}

async function loadByFlow(services: SituationServices, wanted: Wanted, ownerKey: string): Promise<Situation> {
  const shared = scopeKeys(wanted, null)
  const more = wanted.keys?.(shared.scope) ?? []
  const kept = [shared.flow, shared.lane, ...shared.payloads, ownerKey, keys.epoch]
  const read = await readWanted(services, [...kept, ...more], wanted.lists?.(shared.scope))
  const owner = read(ownerKey)
  if (read(shared.flow) !== null || owner === null) {
    const payload = read.payload(firstOf(shared.payloads, read))
    return globalSituation(services, read, { flow: read(shared.flow), payload })
  }
  const session = readOwner(owner.value)
  services.owners.remember(ownerKey, session)
  return asUnknownFlow(await loadIn(services, wanted, { id: session, by: 'flow' }), services)
}

/** The session of a flow is gone and the flow with it: to the client that is an id which nobody knows. */
function asUnknownFlow(situation: Situation | typeof unknownSession, services: SituationServices): Situation {
  if (situation !== unknownSession) return situation
  return emptySituation(services)
}

function globalSituation(
  services: SituationServices,
  reading: Reading,
  { flow = null, payload = null }: { readonly flow?: StoredRecord | null; readonly payload?: PayloadState | null } = {},
): Situation {
  const now = services.clock.now()
  const clock = globalClock(reading(keys.epoch), now)
  return {
    now,
    clock,
    flowClock: clock,
    globalClock: clock,
    session: null,
    sessionBy: null,
    scope: keys.scope(null),
    flow: readFlow(flow),
    payload,
    ...readingOf(reading),
  }
}

function readingOf(reading: Reading): Pick<Situation, 'record' | 'read' | 'list' | 'listed'> {
  const { read, list, listed } = reading
  return { record: reading, read, list, listed }
}

/** Of a request that nothing stored matters to, the global clock included. */
export function emptySituation(services: SituationServices): Situation {
  return globalSituation(services, readNothing(services.storage))
}

interface ScopeKeys {
  readonly scope: string
  readonly flow: string | null
  /** The closest first. */
  readonly payloads: readonly string[]
  readonly lane: string | null
}

function scopeKeys(wanted: Wanted, session: string | null): ScopeKeys {
  const { partner, datapoint, flowId } = wanted
  const scope = keys.scope(session)
  const flow = flowId === null ? null : keys.flow(scope, flowId, partner, datapoint)
  return {
    scope,
    flow,
    lane: flow === null || wanted.attempts !== true ? null : laneKeyOf(scope, flow),
    payloads: wanted.payload
      ? [...(wanted.payloadChoices ?? []), {}].map((params) => keys.payload(scope, partner, datapoint, params))
      : [],
  }
}

function firstOf(keys: readonly string[], read: Reading): StoredRecord | null {
  for (const key of keys) {
    const record = read(key)
    if (record !== null) return record
  }
  return null
}
