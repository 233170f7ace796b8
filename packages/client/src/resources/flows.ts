import { adminPath, type Caller } from '../caller.ts'
import type { FlowInfo } from '../shapes.ts'

export interface Flows {
  /** Newest first. */
  list(filter?: FlowFilter): Promise<FlowInfo[]>
  /** Throws `NOT_FOUND`, and `CONFLICT` where several flows have the id: name one by the filter. */
  get(id: string, filter?: FlowFilter): Promise<FlowInfo>
  /** Runs it on to a state that stays, and answers nothing as pending any more; also one that was held or made to fail. */
  complete(id: string, filter?: FlowFilter): Promise<FlowInfo>
  /** Keeps it where it is: neither polls nor time take it further. */
  hold(id: string, filter?: FlowFilter): Promise<FlowInfo>
  /** Refuses every request for it, in the shape of `errors.failed`. */
  fail(id: string, filter?: FlowFilter): Promise<FlowInfo>
}

/** As `Flows`, of one session alone. */
export interface SessionFlows {
  list(filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo[]>
  get(id: string, filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo>
  complete(id: string, filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo>
  hold(id: string, filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo>
  fail(id: string, filter?: Omit<FlowFilter, 'session'>): Promise<FlowInfo>
}

export interface FlowFilter {
  readonly partner?: string | undefined
  readonly datapoint?: string | undefined
  /** Id or label; null means those of no session. @default all of them */
  readonly session?: string | null | undefined
}

export function createFlows(call: Caller): Flows {
  const steer = (how: 'complete' | 'hold' | 'fail') => (id: string, filter?: FlowFilter) =>
    call.json<FlowInfo>('POST', adminPath('flows', id, how), { query: queryOf(filter) })
  return {
    complete: steer('complete'),
    hold: steer('hold'),
    fail: steer('fail'),
    list: (filter) => call.json('GET', adminPath('flows'), { query: queryOf(filter) }),
    get: (id, filter) => call.json('GET', adminPath('flows', id), { query: queryOf(filter) }),
  }
}

export function createSessionFlows(flows: Flows, session: string): SessionFlows {
  return {
    list: (filter) => flows.list({ ...filter, session }),
    get: (id, filter) => flows.get(id, { ...filter, session }),
    complete: (id, filter) => flows.complete(id, { ...filter, session }),
    hold: (id, filter) => flows.hold(id, { ...filter, session }),
    fail: (id, filter) => flows.fail(id, { ...filter, session }),
  }
}

function queryOf({ session, ...rest }: FlowFilter = {}) {
  return { ...rest, session: session === null ? '' : session }
}
