import type {
  Claimed,
  ClaimOptions,
  GetOptions,
  ListOptions,
  StoredRecord,
  WriteOperation,
  WriteResult,
} from '@imnot/core'
import { listBounds } from './list-bounds.ts'
import type { CommandArgument } from './redis-client-like.ts'
import { claimScript } from './scripts/claim.ts'
import { getScript } from './scripts/get.ts'
import { incrementScript } from './scripts/increment.ts'
import { listScript } from './scripts/list.ts'
import type { Script } from './scripts/script.ts'
import { writeScript } from './scripts/write.ts'
import { type RecordReply, storedRecord } from './stored-record.ts'
import { writeArguments } from './write-arguments.ts'

/** How records are reached: `openConnection` makes one. */
export interface RecordAccess {
  /** Runs a script on the keys of this storage. */
  run(script: Script, args: readonly CommandArgument[]): Promise<unknown>
  /** A body that the scripts leave out because of its size; null where the record is at another version by now. */
  readLargeBody(key: string, version: string): Promise<Buffer | null>
}

export async function getRecords(
  access: RecordAccess,
  keys: readonly string[],
  { known }: GetOptions,
): Promise<(StoredRecord | null)[]> {
  const args = keys.flatMap((key) => [key, String(known?.get(key) ?? '')])
  const replies = (await access.run(getScript, args)) as (RecordReply | null)[]
  return Promise.all(replies.map((reply) => current(access, reply)))
}

/** In portions, each of one moment: Redis serves nobody else while a script runs. */
export async function listRecords(access: RecordAccess, prefix: string, options: ListOptions): Promise<StoredRecord[]> {
  const { limit = 1000, reverse = false, bodies = false } = options
  const { lower, upper } = listBounds(prefix, options)
  const command = reverse ? 'ZREVRANGEBYLEX' : 'ZRANGEBYLEX'
  let [from, to] = reverse ? [upper, lower] : [lower, upper]
  const records: StoredRecord[] = []
  while (records.length < limit) {
    const args = [command, from, to, limitValue(limit - records.length), bodies ? 'bodies' : '']
    const [portion, last] = (await access.run(listScript, args)) as [RecordReply[], Buffer | null]
    const found = await Promise.all(portion.map((reply) => current(access, reply)))
    for (const record of found) if (record !== null) records.push(record)
    if (last === null) break
    from = `(${last}`
  }
  return records
}

export async function writeRecords(access: RecordAccess, operations: readonly WriteOperation[]): Promise<WriteResult> {
  const reply = (await access.run(writeScript, writeArguments(operations))) as WriteReply
  if (Number(reply[0]) === 0) {
    return { ok: false, conflict: { index: Number(reply[1]), current: await current(access, reply[2] ?? null) } }
  }
  let next = Number(reply[1])
  return { ok: true, versions: operations.map(({ type }) => (type === 'put' ? next++ : 0)) }
}

export async function claimRecords(
  access: RecordAccess,
  queue: string,
  { limit, leaseMs }: ClaimOptions,
): Promise<Claimed> {
  const reply = await access.run(claimScript, [queue, limitValue(limit), String(leaseMs)])
  const [now, nextDueAt, leased] = reply as [number, Buffer | null, RecordReply[]]
  const records = await Promise.all(leased.map((one) => unchanged(access, one)))
  return {
    // One that was written meanwhile is not ours any more.
    records: records.filter((record) => record !== null),
    nextDueAt: nextDueAt === null ? null : Number(nextDueAt),
    now: Number(now),
  }
}

export async function incrementCounter(
  { run }: RecordAccess,
  key: string,
  by: number,
  ttlMs: number | undefined,
): Promise<number> {
  // Redis lets a key vanish one millisecond after its time to live.
  const ttl = ttlMs === undefined ? '' : String(Math.max(1, Math.ceil(ttlMs) - 1))
  return Number(await run(incrementScript, [key, String(by), ttl]))
}

type WriteReply = readonly [isDone: number, firstVersionOrIndex: number, current?: RecordReply | null]

/** The record with its body. One that was written before its body could be read comes as it is now. */
async function current(access: RecordAccess, reply: RecordReply | null): Promise<StoredRecord | null> {
  if (reply === null) return null
  const record = await unchanged(access, reply)
  if (record !== null) return record
  const [again = null] = await getRecords(access, [String(reply[0])], {})
  return again
}

async function unchanged(access: RecordAccess, reply: RecordReply): Promise<StoredRecord | null> {
  const [key, version, , , , , body] = reply
  if (body === null || Buffer.isBuffer(body)) return storedRecord(reply, body)
  const largeBody = await access.readLargeBody(String(key), String(version))
  return largeBody === null ? null : storedRecord(reply, largeBody)
}

/** Redis takes whole numbers, and no infinity. */
function limitValue(limit: number): string {
  return String(Math.min(Math.max(Math.floor(limit), 0), 1_000_000_000))
}
