import { keys } from '../keys.ts'
import type { WriteOperation } from '../ports/storage.ts'

/**
 * Which session an id was generated in, remembered for the ids that this process has met. An id never changes its session,
 * so what is remembered is never wrong; it spares the second reading, no more.
 */
export interface Owners {
  get(ownerKey: string): string | undefined
  remember(ownerKey: string, session: string): void
}

type OwnerValue = { readonly session: string; readonly flow?: string }

const most = 20_000

export function createOwners(): Owners {
  const sessions = new Map<string, string>()
  return {
    get: (ownerKey) => sessions.get(ownerKey),
    remember(ownerKey, session) {
      sessions.delete(ownerKey)
      sessions.set(ownerKey, session)
      if (sessions.size <= most) return
      for (const oldest of sessions.keys()) {
        sessions.delete(oldest)
        break
      }
    },
  }
}

/** What was generated, and where. */
export interface Owned {
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  /** Null in the global scope, where an id needs no owner. */
  readonly session: string | null
  /** The flow that it leads to, where it is not the flow's own id. */
  readonly flow?: string
}

/**
 * The record that leads a request which carries nothing but the id to the id's session; none in the global scope. Only for
 * ids that cannot be guessed.
 */
export function putOwner({ id, partner, datapoint, session, flow }: Owned): WriteOperation[] {
  if (session === null) return []
  const value: OwnerValue = { session, ...(flow !== undefined && { flow }) }
  return [{ type: 'put', key: keys.owner(id, partner, datapoint), value, expect: 'absent' }]
}

export function readOwner(value: unknown): string {
  return (value as OwnerValue).session
}

/** The flow that a generated id leads to; null where the id is the flow's own. */
export function flowOfOwner(value: unknown): string | null {
  return (value as OwnerValue).flow ?? null
}

/** Remembers the ids that were generated just now. */
export function rememberOwners(owners: Owners, operations: readonly WriteOperation[]): void {
  for (const operation of operations) {
    if (operation.type === 'put' && operation.key.startsWith(keys.owners)) {
      owners.remember(operation.key, readOwner(operation.value))
    }
  }
}
