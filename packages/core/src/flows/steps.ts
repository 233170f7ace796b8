import type { AsyncDatapoint } from '@imnot/schema'
import type { FlowValue } from './flow-record.ts'

/** The order that a datapoint's steps keep. */
export interface StepOrder {
  /** The step that must come first and has not; null where the step may be answered. */
  missingBefore(step: number, done: readonly number[]): number | null
}

/** A step waits for every earlier one that is not optional; where alternatives share a number, one optional makes it so. */
export function stepOrder(datapoint: AsyncDatapoint): StepOrder {
  if (datapoint.order === 'any') return { missingBefore: () => null }
  const optional = new Set(datapoint.endpoints.filter((endpoint) => endpoint.optional).map((endpoint) => endpoint.step))
  const required = [...new Set(datapoint.endpoints.map((endpoint) => endpoint.step))]
    .filter((step) => !optional.has(step))
    .sort((a, b) => a - b)
  return {
    missingBefore: (step, done) => required.find((earlier) => earlier < step && !done.includes(earlier)) ?? null,
  }
}

/** The flow after a step has given its final answer. */
export function afterStep(flow: FlowValue, step: number, poll: boolean, now: number): FlowValue {
  const done = flow.done.includes(step) ? flow.done : [...flow.done, step].sort((a, b) => a - b)
  return { ...flow, done, polls: flow.polls + (poll ? 1 : 0), updatedAt: now }
}
