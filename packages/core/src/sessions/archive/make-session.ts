import { Buffer } from 'node:buffer'
import { ImnotError } from '../../errors.ts'
import { keys } from '../../keys.ts'
import type { JsonValue, PutOperation, WriteOperation } from '../../ports/storage.ts'
import { readClock } from '../../time/clock-reading.ts'
import type { WalkServices } from '../../time/finish-due.ts'
import type { ScopeClock } from '../../time/scope-clock.ts'
import { dueAllAnew } from '../../time/scope-dues.ts'
import type { Taken } from '../bind.ts'
import type { ClientCredential } from '../credentials.ts'
import type { CreatedSession, LabelTaken, SessionStore } from '../session-store.ts'
import type { ImageHead, ImagePart, RecordPart, SessionImage } from './session-image.ts'

export interface MakeSessionServices extends WalkServices {
  readonly sessions: SessionStore
}

export interface MakeSessionOptions {
  readonly label: string | null
  readonly ttlMs: number
  readonly isolated: boolean
  readonly bind: readonly ClientCredential[]
  /** Keep the id of the image where no session has it: what was answered with the session's URL is answered so again. @default false */
  readonly keepId?: boolean
  /** Asked once the image is read to its end, before the session is there for others; false: it is not to be. */
  readonly isWanted?: () => Promise<boolean>
}

/**
 * Makes a session of an image. It is there for others when it is whole: until then it is one that is being deleted, so that
 * a kill on the way leaves nothing behind.
 */
export async function makeSession(
  services: MakeSessionServices,
  { head, parts }: SessionImage,
  options: MakeSessionOptions,
): Promise<CreatedSession | LabelTaken | Taken | null> {
  const { clock, sessions, kinds } = services
  const { label, ttlMs, isolated, bind, keepId = false, isWanted } = options
  const begun = (keepId ? await sessions.begin(head.id) : null) ?? (await sessions.begin())
  if (begun === null) throw new ImnotError('STORAGE_BUSY', 'The id of the session was taken; try again.')
  const { id } = begun
  const at = clock.now()
  let isThere = false
  try {
    for await (const batch of batchesOf(parts)) {
      await writeBatch(services, batch, {
        from: head,
        to: id,
        laterMs: at - head.takenAt,
        queues: kinds.map(({ queue }) => queue),
      })
    }
    if (isWanted !== undefined && !(await isWanted())) {
      await sessions.abandon(begun)
      return null
    }
    const own = clockOf(head, clock.now())
    const created = await sessions.create({
      label,
      ttlMs,
      isolated,
      bind,
      begun,
      payloads: head.payloads,
      ...(own !== null && { clock: own }),
    })
    if (!('token' in created)) {
      await sessions.abandon(begun)
      return created
    }
    isThere = true
    await dueAnew(services, id)
    return created
  } catch (error) {
    // What was half done must not live on under the label of the whole.
    if (isThere) await sessions.delete(id)
    else await sessions.abandon(begun)
    throw error
  }
}

/** What waits for a time waits for it by the new session's clock. */
async function dueAnew({ storage, clock, kinds, clockChanged }: MakeSessionServices, id: string): Promise<void> {
  const reading = await readClock(storage, clock, id)
  if (reading === null) return
  await dueAllAnew(storage, kinds, reading)
  clockChanged()
}

/** It goes on at the time that it was in the image, however long ago that was. A clock that nobody touched is left so where no time has passed. */
function clockOf({ clock, now, takenAt }: ImageHead, wallNow: number): ScopeClock | null {
  if (clock === null && wallNow - takenAt < longestPauseMs) return null
  return {
    revision: (clock?.revision ?? 0) + 1,
    offsetMs: now - wallNow,
    standsAt: clock?.isFrozen === true ? now : null,
    walk: null,
  }
}

/** A copy within one server is made at once. */
const longestPauseMs = 10_000

const most = 100
const mostBytes = 4 * 1_048_576

async function* batchesOf(parts: AsyncIterable<ImagePart>): AsyncGenerator<readonly ImagePart[]> {
  let batch: ImagePart[] = []
  let bytes = 0
  for await (const part of parts) {
    batch.push(part)
    bytes += 'body' in part ? (part.body?.byteLength ?? 0) : 0
    if (batch.length < most && bytes < mostBytes) continue
    yield batch
    batch = []
    bytes = 0
  }
  if (batch.length > 0) yield batch
}

interface Place {
  readonly from: ImageHead
  readonly to: string
  /** How much later it is than when the image was taken. */
  readonly laterMs: number
  readonly queues: readonly string[]
}

async function writeBatch({ storage }: MakeSessionServices, batch: readonly ImagePart[], place: Place): Promise<void> {
  const operations: WriteOperation[] = []
  for (const part of batch) {
    if ('key' in part) operations.push(putRecord(part, place))
    else {
      const key = keys.owners + part.lead
      // An id that leads to the original goes on leading there. A record with states has one lead with its flow.
      const isFree = !operations.some((other) => other.key === key) && (await storage.get([key]))[0] === null
      if (isFree) operations.push({ type: 'put', key, value: renamed(part.value, place) })
    }
  }
  if (operations.length > 0) await storage.write(operations)
}

function putRecord({ key, value, body, expiresAt, queue, dueAt }: RecordPart, place: Place): PutOperation {
  const isQueued = queue !== undefined && place.queues.includes(queue)
  const scope = keys.scope(place.to)
  const isPayload = (scope + key).startsWith(keys.payloads(scope))
  return {
    type: 'put',
    key: scope + key,
    value: renamed(value, place),
    ...(body !== undefined && { body: isPayload ? body : renamedBytes(body, place) }),
    ...(expiresAt !== undefined && { expiresAt: expiresAt + place.laterMs }),
    ...(isQueued && { queue, dueAt: dueAt ?? 0 }),
  }
}

/** Ids of sessions are unique and of one length: wherever the old one stands, the new one belongs. */
function renamed(value: JsonValue, { from, to }: Place): JsonValue {
  return from.id === to ? value : (JSON.parse(JSON.stringify(value).replaceAll(from.id, to)) as JsonValue)
}

function renamedBytes(body: Uint8Array, { from, to }: Place): Uint8Array {
  if (from.id === to) return body
  const bytes = Buffer.from(body)
  for (let at = bytes.indexOf(from.id); at !== -1; at = bytes.indexOf(from.id, at + to.length)) bytes.write(to, at)
  return bytes
}
