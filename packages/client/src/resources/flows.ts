import { adminPath, type Caller } from '../caller.ts'
import type { FlowInfo } from '../shapes.ts'

export interface Flows {
  /** Newest first. */
  list(filter?: FlowFilter): Promise<FlowInfo[]>
  /** Throws `NOT_FOUND`, and `CONFLICT` where several flows have the id: name one by the filter. */
  get(id: string, filter?: FlowFilter): Promise<FlowInfo>
}

/** As `Flows`, of one session alone. */
export interface SessionFlows {
  list(filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo[]>
  get(id: string, filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo>
}

export interface FlowFilter {
  readonly partner?: string | undefined
  readonly datapoint?: string | undefined
  /** Id or label; null means those of no session. @default all of them */
  readonly session?: string | null | undefined
}

export function createFlows(call: Caller): Flows {
  return {
    list: (filter) => call.json('GET', adminPath('flows'), { query: queryOf(filter) }),
    get: (id, filter) => call.json('GET', adminPath('flows', id), { query: queryOf(filter) }),
  }
}

export function createSessionFlows(flows: Flows, session: string): SessionFlows {
  return {
    list: (filter) => flows.list({ ...filter, session }),
    get: (id, filter) => flows.get(id, { ...filter, session }),
  }
}

function queryOf({ session, ...rest }: FlowFilter = {}) {
  return { ...rest, session: session === null ? '' : session }
}
