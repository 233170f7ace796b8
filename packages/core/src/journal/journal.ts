import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import type { Storage } from '../ports/storage.ts'
import type { Secrets } from '../secrets.ts'
import { entryOf, namedSession } from './entry-of.ts'
import type { JournalEntry, JournalLimits } from './journal-entry.ts'
import { createJournalStore, type JournalStore, type Scribed } from './journal-store.ts'
import { createRecorder, type Dropped, type Recorder } from './recorder.ts'
import { createRedact } from './redact.ts'
import type { Trace } from './trace.ts'

/** The bounded record of requests received and what answered them. */
export interface Journal {
  readonly recorder: Recorder
  readonly store: JournalStore
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

  async function write(traces: readonly Trace[], dropped: Dropped): Promise<void> {
    const redact = createRedact(await secrets.bytes('journal-key'))
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
      of(session).entries.push(entryOf(isUnknown ? { ...trace, session: null } : trace, redact, limits.bodyBytes))
    }
    for (const [session, count] of dropped) of(session).dropped += count
    await store.write(byScope as ReadonlyMap<string | null, Scribed>)
  }

  return { store, recorder: createRecorder({ clock, logger, limits, write, background }) }
}
