import { randomBytes } from 'node:crypto'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Storage } from '../ports/storage.ts'
import type { Secrets } from '../secrets.ts'
import { entryOf, namedSession } from './entry-of.ts'
import type { JournalEntry, JournalLimits } from './journal-entry.ts'
import { createJournalStore, type JournalStore, type Scribed } from './journal-store.ts'
import { createRecorder, type Dropped, type Recorder } from './recorder.ts'
import { createRedact, type Redact, remembering } from './redact.ts'
import type { Trace } from './trace.ts'

/** The bounded record of requests received and what answered them. */
export interface Journal {
  readonly recorder: Recorder
  readonly store: JournalStore
  /** Aborted when nobody can follow it any longer. */
  readonly ended: AbortSignal
  endStreams(): void
  /** Writes what is left. */
  close(): Promise<void>
}

export interface JournalOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly logger: Logger
  readonly secrets: Secrets
  readonly limits: JournalLimits
  readonly background: boolean
}

export function createJournal({ storage, clock, logger, secrets, limits, background }: JournalOptions): Journal {
  const store = createJournalStore({ storage, clock, limits })
  const node = randomBytes(6).toString('hex')
  let redactor: Redact | undefined
  let count = 0

  /** Of no other node, and of no other process before; in one process they rise as text, too. */
  const nextId = () => `${node}-${(++count).toString(36).padStart(8, '0')}`

  async function write(traces: readonly Trace[], dropped: Dropped): Promise<void> {
    redactor ??= createRedact(await secrets.bytes('journal-key'))
    const redact = remembering(redactor, limits.bodyBytes)
    const byScope = new Map<string | null, { entries: JournalEntry[]; dropped: number }>()
    const of = (session: string | null) => {
      const found = byScope.get(session) ?? { entries: [], dropped: 0 }
      byScope.set(session, found)
      return found
    }
    for (const trace of traces) {
      // A session that is not there has no journal: such a request is told in the global one.
      const isUnknown = trace.refusedBy === 'no_session'
      const session = isUnknown ? null : (trace.session ?? namedSession(trace))
      of(session).entries.push(entryOf(isUnknown ? { ...trace, session: null } : trace, nextId(), redact))
    }
    for (const [session, count] of dropped) of(session).dropped += count
    await store.write(byScope as ReadonlyMap<string | null, Scribed>)
  }

  const recorder = createRecorder({ clock, logger, limits, write, background })
  const ending = new AbortController()
  return {
    store,
    recorder,
    ended: ending.signal,
    endStreams: () => ending.abort(),
    close() {
      ending.abort()
      return recorder.flush()
    },
  }
}
