import { randomUUID } from 'node:crypto'
import type { Capture } from '../flows/capture.ts'
import { noData } from '../flows/flow-data.ts'
import { withDue } from '../flows/flow-due.ts'
import type { FlowChange, FlowValue } from '../flows/flow-record.ts'
import { newFlow } from '../flows/new-flow.ts'
import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
import type { Grant, GrantState } from './grant.ts'
import type { Provider } from './provider.ts'

/** A grant that begins before its token is asked for: its flow, and the text of the code that leads to it. */
export interface Begun {
  readonly code: string
  readonly flow: FlowChange
}

export interface BeginOptions {
  readonly kind: 'code' | 'device'
  readonly partner: string
  readonly datapoint: string
  readonly expiresIn: number
  readonly state?: Omit<GrantState, 'live'>
  readonly capture: Capture
  /** What the code carries. */
  readonly content: Omit<Grant, 'kind' | 'issuer' | 'session' | 'flow' | 'id' | 'expiresAt'>
}

/** A flow whose code nobody asks for is gone once the code has expired. */
export async function beginGrant(provider: Provider, moment: Moment, options: BeginOptions): Promise<Begun> {
  const { kind, partner, datapoint, expiresIn, state = {}, capture, content } = options
  const { situation } = moment
  const { clock, scope } = situation
  const session = situation.session?.value.id ?? null
  const [flowId, id] = [randomUUID(), randomUUID()]
  const expiresAt = clock.now + expiresIn * 1000
  const value: FlowValue = {
    ...newFlow(flowId, { partner, datapoint, session }, situation),
    grant: { live: id, ...state },
    expiresAt,
  }
  const code = await provider.grants.write({
    kind,
    issuer: provider.name,
    session,
    flow: flowId,
    id,
    expiresAt,
    ...content,
  })
  const key = keys.flow(scope, flowId, partner, datapoint)
  const flow = withDue({ value, data: capture.after(noData, moment.scope, moment) }, clock, null)
  return { code, flow: { ...flow, key, expect: 'absent' } }
}
