import { Buffer } from 'node:buffer'
import { isImnotError } from '../errors.ts'
import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { readSession } from '../sessions/session-record.ts'
import { everyRecord } from '../storage/every-record.ts'
import { describeEntry } from './describe-entry.ts'
import type { JournalEntry } from './journal-entry.ts'
import { comeFirst, type JournalStore } from './journal-store.ts'

export interface FollowOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly store: JournalStore
  /** Absent: every session and the global scope. */
  readonly session?: string | null | undefined
  readonly fits: (entry: JournalEntry) => boolean
  /** Ends it. */
  readonly ended: AbortSignal
}

const everyMs = 250
const heartbeatMs = 15_000
/** Nodes write some time after the answer, and their clocks differ: so far back it is looked again. */
const lookBackMs = 3000

/** New entries of all nodes as server-sent events, for as long as somebody reads. */
export async function* follow({
  storage,
  clock,
  store,
  session,
  fits,
  ended,
}: FollowOptions): AsyncGenerator<Uint8Array> {
  const begin = clock.now()
  const seen = new Map<string, number>()
  let spoken = clock.now()

  async function scopes(): Promise<(string | null)[]> {
    if (session !== undefined) return [session]
    const found: (string | null)[] = [null]
    for await (const record of everyRecord(storage, keys.sessions)) {
      const state = readSession(record, clock.now())
      if (state !== null) found.push(state.value.id)
    }
    return found
  }

  async function look(scope: string | null): Promise<JournalEntry[]> {
    const from = Math.max(begin, clock.now() - lookBackMs)
    const fresh: JournalEntry[] = []
    let after = keys.journalChunk(keys.scope(scope), from, '')
    for (;;) {
      const chunks = await store.chunksAfter(scope, after)
      for (const { key, entries } of chunks) {
        if (!seen.has(key)) fresh.push(...entries.filter((entry) => entry.facts.at >= begin && fits(entry)))
        seen.set(key, clock.now())
        after = key
      }
      if (chunks.length === 0) return fresh
    }
  }

  /** A storage that cannot be read now is asked again. */
  async function lookAll(): Promise<JournalEntry[]> {
    try {
      return (await Promise.all((await scopes()).map(look))).flat()
    } catch (error) {
      if (isImnotError(error, 'STORAGE_UNAVAILABLE') || isImnotError(error, 'STORAGE_CLOSED')) return []
      throw error
    }
  }

  const isEnded = new Promise<void>((resolve) => ended.addEventListener('abort', () => resolve(), { once: true }))
  yield Buffer.from(': what comes is told as it comes\n\n')
  while (!ended.aborted) {
    const found = await lookAll()
    for (const [key, at] of seen) if (at < clock.now() - 2 * lookBackMs) seen.delete(key)
    found.sort(comeFirst)
    if (found.length > 0) yield Buffer.from(found.map(event).join(''))
    else if (clock.now() - spoken > heartbeatMs) yield Buffer.from(': still here\n\n')
    else {
      await Promise.race([clock.sleep(everyMs), isEnded])
      continue
    }
    spoken = clock.now()
  }
}

function event(entry: JournalEntry): string {
  return `event: request\nid: ${entry.facts.id}\ndata: ${JSON.stringify(describeEntry(entry))}\n\n`
}
