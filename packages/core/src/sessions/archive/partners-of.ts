import type { Journal } from '../../journal/journal.ts'
import { keys } from '../../keys.ts'
import type { Storage } from '../../ports/storage.ts'
import { everyRecord } from '../../storage/every-record.ts'
import type { SessionValue } from '../session-record.ts'

export interface PartnersOfOptions {
  readonly storage: Storage
  readonly session: SessionValue
  readonly journal: Journal | null
}

const mostEntries = 10_000

/** The partners that the session has to do with: something of theirs is in it, or was asked for in it. */
export async function partnersOf({ storage, session, journal }: PartnersOfOptions): Promise<ReadonlySet<string>> {
  const found = new Set<string>()
  const scope = keys.scope(session.id)
  for await (const record of everyRecord(storage, scope)) {
    const { partner } = (record.value ?? {}) as { readonly partner?: unknown }
    if (typeof partner === 'string') found.add(partner)
  }
  if (journal === null) return found
  await journal.recorder.flush()
  const fits = ({ facts }: { readonly facts: { readonly partner: string | null } }) =>
    facts.partner !== null && !found.has(facts.partner)
  for (const { facts } of await journal.store.read({ session: session.id, limit: mostEntries, fits }))
    if (facts.partner !== null) found.add(facts.partner)
  return found
}
