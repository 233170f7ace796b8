import { readDeliveryFacts } from '../deliveries/delivery-record.ts'
import { ownedOfAlias } from '../flows/alias.ts'
import { readFlow } from '../flows/flow-record.ts'
import { keys } from '../keys.ts'
import type { StoredRecord } from '../ports/storage.ts'
import { ownerOfRecord } from '../records/record-state.ts'

/** The key of what may lead from the record's id alone to its session; null for a record that has no such id. */
export function leadKeyOf(record: StoredRecord, scope: string): string | null {
  const owned = ownedOf(record, scope)
  return owned === null ? null : keys.owner(owned.id, owned.partner, owned.datapoint)
}

function ownedOf(record: StoredRecord, scope: string) {
  if (record.key.startsWith(keys.flows(scope))) return readFlow(record)?.value ?? null
  if (record.key.startsWith(keys.records(scope))) return ownerOfRecord(record.value)
  if (record.key.startsWith(keys.aliases(scope))) return ownedOfAlias(record)
  if (record.key.startsWith(keys.deliveries(scope))) return readDeliveryFacts(record.value)
  return null
}
