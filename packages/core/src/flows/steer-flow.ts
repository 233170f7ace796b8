import { isRefusal, type Refusal } from '../answers/refusal.ts'
import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { keys } from '../keys.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { readClock } from '../time/clock-reading.ts'
import { withDue } from './flow-due.ts'
import { changeOf, type FlowState, type FlowValue, putFlow, readFlow, type Steering } from './flow-record.ts'
import { type FlowServices, moveFlow } from './flow-work.ts'

/** Steers one flow: null where it is not there any more; a refusal where a state that it would run through cannot be entered. */
export type SteerFlow = (flow: FlowValue, how: Steering) => Promise<FlowValue | Refusal | null>

interface Services extends FlowServices {
  /** Told of each write, so that what is owed now is sent now. */
  readonly wrote: (operations: readonly WriteOperation[]) => void
}

export function createSteering(services: Services): SteerFlow {
  const { storage, clock, wrote } = services

  return (wanted, how) =>
    untilWon(clock, async () => {
      const { id, partner, datapoint, session } = wanted
      const [record = null] = await storage.get([keys.flow(keys.scope(session), id, partner, datapoint)])
      const flow = readFlow(record)
      const reading = await readClock(storage, clock, session)
      if (flow === null || reading === null) return null
      const steered: FlowState = {
        key: flow.key,
        version: flow.version,
        data: flow.data,
        value: { ...flow.value, steered: how, updatedAt: clock.now() },
      }
      const operations =
        how === 'complete'
          ? await moveFlow(services, steered, reading, (machine, place, occasion) => machine.complete(place, occasion))
          : [putFlow(withDue(changeOf(steered), reading, null))]
      if (isRefusal(operations)) return operations
      if (!(await storage.write([...operations, reading.check])).ok) return lostRace
      wrote(operations)
      const written = operations.find(({ key }) => key === flow.key)
      return written?.type === 'put' ? (written.value as FlowValue) : steered.value
    })
}
