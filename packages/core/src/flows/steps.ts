import type { AsyncDatapoint } from '@imnot/schema'
import type { FlowValue } from './flow-record.ts'

/** The order that a datapoint's steps keep. */
export interface StepOrder {
  /** The step that must come first and has not; null where the step may be answered. */
  missingBefore(step: number, done: readonly number[]): number | null
}

/**
 * A step waits for every earlier one that is not optional; where alternatives share a number, one optional makes it so. What
 * comes before the step that started the flow is not waited for.
 */
export function stepOrder(datapoint: AsyncDatapoint): StepOrder {
  if (datapoint.order === 'any') return { missingBefore: () => null }
  const optional = new Set(datapoint.endpoints.filter((endpoint) => endpoint.optional).map((endpoint) => endpoint.step))
  const required = [...new Set(datapoint.endpoints.flatMap(({ step }) => (step === undefined ? [] : [step])))]
    .filter((step) => !optional.has(step))
    .sort((a, b) => a - b)
  return {
    missingBefore: (step, done) =>
      required.find((earlier) => earlier > (done[0] ?? 0) && earlier < step && !done.includes(earlier)) ?? null,
  }
}

interface FinalAnswerGiven {
  readonly step: number
  /** Of the endpoint. */
  readonly position: number
  /** Wall-clock time. */
  readonly now: number
}

/** The flow after a step has given its final answer; the same one where it had given it before. */
export function afterStep(flow: FlowValue, { step, position, now }: FinalAnswerGiven): FlowValue {
  if (flow.done.includes(step)) return flow
  const { pending, ...rest } = flow
  const others = Object.entries(pending ?? {}).filter(([key]) => key !== String(position))
  return {
    ...rest,
    ...(others.length > 0 && { pending: Object.fromEntries(others) }),
    done: [...flow.done, step].sort((a, b) => a - b),
    updatedAt: now,
  }
}
