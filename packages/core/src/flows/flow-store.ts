import { keys } from '../keys.ts'
import type { Clock } from '../ports/clock.ts'
import type { Storage } from '../ports/storage.ts'
import { everyScope } from '../sessions/every-scope.ts'
import { readOwner } from '../sessions/owners.ts'
import { everyRecord } from '../storage/every-record.ts'
import { type FlowValue, readFlow } from './flow-record.ts'

/** The flows of a storage, for those who look at them from outside. */
export interface FlowStore {
  /** Newest first. */
  list(filter?: FlowFilter): Promise<FlowValue[]>
  /** All flows of this id: more than one only where ids were chosen by clients. */
  find(id: string, filter?: FlowFilter): Promise<FlowValue[]>
}

export interface FlowFilter {
  readonly partner?: string | undefined
  readonly datapoint?: string | undefined
  /** Absent: every session and the global scope; null: the global scope alone. */
  readonly session?: string | null | undefined
}

export function createFlowStore(storage: Storage, clock: Clock): FlowStore {
  async function collect(prefixes: readonly string[], filter: FlowFilter): Promise<FlowValue[]> {
    const flows: FlowValue[] = []
    for (const prefix of prefixes) {
      for await (const record of everyRecord(storage, prefix)) {
        const flow = readFlow(record)?.value
        if (flow !== undefined && fits(flow, filter)) flows.push(flow)
      }
    }
    return flows.sort((a, b) => b.createdAt - a.createdAt)
  }

  return {
    async list(filter = {}) {
      const scopes = filter.session === undefined ? await everyScope(storage, clock) : [keys.scope(filter.session)]
      return collect(scopes.map(keys.flows), filter)
    },
    async find(id, filter = {}) {
      const owners = await storage.list(keys.ownersOfId(id))
      const scopes = new Set([keys.scope(null), ...owners.map((owner) => keys.scope(readOwner(owner.value)))])
      return collect(
        [...scopes].map((scope) => keys.flowsOfId(scope, id)),
        filter,
      )
    },
  }
}

function fits(flow: FlowValue, { partner, datapoint, session }: FlowFilter): boolean {
  return (
    (partner === undefined || flow.partner === partner) &&
    (datapoint === undefined || flow.datapoint === datapoint) &&
    (session === undefined || flow.session === session)
  )
}
