import { keys } from '../keys.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { putEpoch, readEpoch } from '../time/epoch.ts'
import { type Binding, bindingValue, readBinding } from './bindings.ts'
import { readSession, type SessionValue } from './session-record.ts'

/** The credential leads to this session already, which is alive. */
export interface Taken {
  readonly binding: Binding
  readonly session: SessionValue
}

/**
 * What makes the credentials lead to the session, to be written together with it; or the first that leads to another one.
 * The epoch goes with it: by it a node knows that there is something to look for.
 */
export async function bindTo(
  storage: Storage,
  { id, bindings = [] }: SessionValue,
  now: number,
): Promise<readonly WriteOperation[] | Taken> {
  if (bindings.length === 0) return []
  const [epochRecord = null, ...records] = await storage.get([keys.epoch, ...bindings.map(({ key }) => key)])
  const holders = [...new Set(records.flatMap((record) => (record === null ? [] : [readBinding(record)])))]
  const sessions = holders.length === 0 ? [] : await storage.get(holders.map(keys.session))
  const operations: WriteOperation[] = []
  for (const [index, binding] of bindings.entries()) {
    const record = records[index] ?? null
    const holder = record === null ? null : (sessions[holders.indexOf(readBinding(record))] ?? null)
    const session = readSession(holder, now)
    if (session !== null) return { binding, session: session.value }
    const expect = record?.version ?? 'absent'
    operations.push({ type: 'put', key: binding.key, value: bindingValue(id), expect })
  }
  const epoch = readEpoch(epochRecord)
  operations.push(putEpoch({ ...epoch.value, bindings: epoch.value.bindings + 1 }, epoch.version))
  return operations
}
