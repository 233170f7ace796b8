import { keys } from '../keys.ts'
import type { PutOperation, StoredRecord } from '../ports/storage.ts'

/** A generated id that leads to its flow. Whether it is still the flow's is told by the flow, so that an old one need not be removed. */
export interface Alias {
  readonly partner: string
  readonly datapoint: string
  readonly session: string | null
  /** As `generate` names it. */
  readonly name: string
  readonly id: string
  /** The flow's id. */
  readonly flow: string
}

type AliasValue = { readonly flow: string; readonly owned?: OwnedAlias }
type OwnedAlias = { readonly id: string; readonly partner: string; readonly datapoint: string }

/** `isOwned` where the id alone leads to its session. */
export function putAlias({ partner, datapoint, session, name, id, flow }: Alias, isOwned: boolean): PutOperation {
  const value: AliasValue = { flow, ...(isOwned && { owned: { id, partner, datapoint } }) }
  const key = keys.alias(keys.scope(session), partner, datapoint, name, id)
  return { type: 'put', key, value, expect: 'absent' }
}

/** The id of the flow; null where there is no such alias. */
export function readAlias(record: StoredRecord | null | undefined): string | null {
  return record === null || record === undefined ? null : (record.value as AliasValue).flow
}

/** Whose id leads to the session. */
export function ownedOfAlias(record: StoredRecord): OwnedAlias | null {
  return (record.value as AliasValue).owned ?? null
}
