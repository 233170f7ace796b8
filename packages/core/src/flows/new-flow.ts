import type { Situation } from '../handling/situation.ts'
import type { FlowValue } from './flow-record.ts'

export interface FlowPlace {
  readonly partner: string
  readonly datapoint: string
  /** The session that it is started in; null is the global scope. */
  readonly session: string | null
}

/** A flow that has gone no step yet. */
export function newFlow(id: string, place: FlowPlace, { now, clock }: Pick<Situation, 'now' | 'clock'>): FlowValue {
  return { id, ...place, createdAt: now, updatedAt: now, begunAt: clock.now, done: [], polls: 0 }
}
