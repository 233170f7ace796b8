import type { Machine } from '../states/machine.ts'
import type { ClockReading } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import type { Flow, FlowValue } from './flow-record.ts'

/** The flow with the time at which something happens to it unasked: the next state, or its end. */
export function withDue<Kept extends Flow>(flow: Kept, clock: ClockReading, machine: Machine | null): Kept {
  const { due: _before, ...value } = flow.value
  const times = [value.expiresAt, nextStateAt(value, machine)].filter((at) => at !== undefined && at !== null)
  return { ...flow, value: times.length === 0 ? value : { ...value, due: dueBy(clock, Math.min(...times)) } }
}

function nextStateAt({ standing, steered }: FlowValue, machine: Machine | null): number | null {
  if (standing === undefined || steered === 'hold' || steered === 'fail') return null
  return machine?.dueAt(standing) ?? null
}
