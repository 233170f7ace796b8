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

/** Runs a script on the keys of this storage. */
export type RunScript = (script: Script, args: readonly CommandArgument[]) => Promise<unknown>

export async function getRecords(
  run: RunScript,
  keys: readonly string[],
  { known }: GetOptions,
): Promise<(StoredRecord | null)[]> {
  const args = keys.flatMap((key) => [key, String(known?.get(key) ?? '')])
  return ((await run(getScript, args)) as (RecordReply | null)[]).map(recordOrNull)
}

/** In portions, each of one moment: Redis serves nobody else while a script runs. */
export async function listRecords(run: RunScript, prefix: string, options: ListOptions): Promise<StoredRecord[]> {
  const { limit = 1000, reverse = false, bodies = false } = options
  const { lower, upper } = listBounds(prefix, options)
  const command = reverse ? 'ZREVRANGEBYLEX' : 'ZRANGEBYLEX'
  let [from, to] = reverse ? [upper, lower] : [lower, upper]
  const records: StoredRecord[] = []
  while (records.length < limit) {
    const args = [command, from, to, limitValue(limit - records.length), bodies ? 'bodies' : '']
    const [portion, last] = (await run(listScript, args)) as [RecordReply[], Buffer | null]
    for (const reply of portion) records.push(storedRecord(reply))
    if (last === null) break
    from = `(${last}`
  }
  return records
}

export async function writeRecords(run: RunScript, operations: readonly WriteOperation[]): Promise<WriteResult> {
  const reply = (await run(writeScript, writeArguments(operations))) as WriteReply
  if (Number(reply[0]) === 0) {
    return { ok: false, conflict: { index: Number(reply[1]), current: recordOrNull(reply[2] ?? null) } }
  }
  let next = Number(reply[1])
  return { ok: true, versions: operations.map(({ type }) => (type === 'put' ? next++ : 0)) }
}

export async function claimRecords(run: RunScript, queue: string, { limit, leaseMs }: ClaimOptions): Promise<Claimed> {
  const reply = await run(claimScript, [queue, limitValue(limit), String(leaseMs)])
  const [now, nextDueAt, records] = reply as [number, Buffer | null, RecordReply[]]
  return {
    records: records.map(storedRecord),
    nextDueAt: nextDueAt === null ? null : Number(nextDueAt),
    now: Number(now),
  }
}

export async function incrementCounter(run: RunScript, key: string, by: number, ttlMs?: number): Promise<number> {
  // Redis lets a key vanish one millisecond after its time to live.
  const ttl = ttlMs === undefined ? '' : String(Math.max(1, Math.ceil(ttlMs) - 1))
  return Number(await run(incrementScript, [key, String(by), ttl]))
}

type WriteReply = readonly [isDone: number, firstVersionOrIndex: number, current?: RecordReply | null]

function recordOrNull(reply: RecordReply | null): StoredRecord | null {
  return reply === null ? null : storedRecord(reply)
}

/** Redis takes whole numbers, and no infinity. */
function limitValue(limit: number): string {
  return String(Math.min(Math.max(Math.floor(limit), 0), 1_000_000_000))
}
