import { randomUUID } from 'node:crypto'
import type { FlowValue } from '../flows/flow-record.ts'
import type { Moment } from '../handling/moment.ts'
import { keys } from '../keys.ts'
import type { PutOperation } from '../ports/storage.ts'
import type { Grant, GrantState } from './grant.ts'
import type { Provider } from './provider.ts'

/** A grant that begins before its token is asked for: its flow, and the text of the code that leads to it. */
export interface Begun {
  readonly code: string
  readonly flow: FlowValue
  readonly operation: PutOperation
}

export interface BeginOptions {
  readonly kind: 'code' | 'device'
  readonly partner: string
  readonly datapoint: string
  readonly expiresIn: number
  readonly state?: Omit<GrantState, 'live'>
  /** What the code carries. */
  readonly content: Omit<Grant, 'kind' | 'issuer' | 'session' | 'flow' | 'id' | 'expiresAt'>
}

export async function beginGrant(provider: Provider, { situation }: Moment, options: BeginOptions): Promise<Begun> {
  const { kind, partner, datapoint, expiresIn, state = {}, content } = options
  const { now, clock, scope } = situation
  const session = situation.session?.value.id ?? null
  const [flowId, id] = [randomUUID(), randomUUID()]
  const flow: FlowValue = {
    id: flowId,
    partner,
    datapoint,
    session,
    createdAt: now,
    updatedAt: now,
    begunAt: clock.now,
    done: [],
    polls: 0,
    grant: { live: id, ...state },
  }
  const expiresAt = clock.now + expiresIn * 1000
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
  return { code, flow, operation: { type: 'put', key, value: flow, expect: 'absent' } }
}
