import type { ClockReading } from '../time/clock-reading.ts'
import { dueBy } from '../time/due.ts'
import type { Flow } from './flow-record.ts'

/** The flow with the time at which something happens to it unasked. */
export function withDue(flow: Flow, clock: ClockReading): Flow {
  const { expiresAt } = flow.value
  const { due: _before, ...value } = flow.value
  return expiresAt === undefined ? { ...flow, value } : { ...flow, value: { ...value, due: dueBy(clock, expiresAt) } }
}
