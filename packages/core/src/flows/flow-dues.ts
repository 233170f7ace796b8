import { isRefusal } from '../answers/refusal.ts'
import { laneKeyOf } from '../deliveries/lane.ts'
import { keys, queues } from '../keys.ts'
import type { WriteOperation } from '../ports/storage.ts'
import type { DueKind } from '../time/due-kind.ts'
import { isOver, isSteered } from './arrive.ts'
import { withDue } from './flow-due.ts'
import { changeOf, type FlowState, putFlow, readFlow } from './flow-record.ts'
import { type FlowServices, moveFlow } from './flow-work.ts'

/** What happens to flows unasked: they enter their next state, and go when their time is over. */
export function flowDues(services: FlowServices): DueKind {
  return {
    queue: queues.flows,
    prefix: keys.flows,
    async apply({ record, clock }) {
      const flow = readFlow(record)
      if (flow === null) return []
      if (isOver(flow.value, clock.now)) return eraseFlow(flow)
      if (isSteered(flow.value)) return [putFlow(withDue(changeOf(flow), clock, null))]
      const moved = await moveFlow(services, flow, clock, (machine, place, occasion) =>
        machine.advance(place, occasion, { isPoll: false }),
      )
      // Who asks next is told why; until then nobody need try again.
      return isRefusal(moved) ? [putFlow(withDue(changeOf(flow), clock, null))] : moved
    },
  }
}

/** The flow, and what leads to it or is kept for it alone. */
function eraseFlow({ key, version, value, data }: FlowState): WriteOperation[] {
  const { id, partner, datapoint, session, aliases = [] } = value
  const scope = keys.scope(session)
  const generated = aliases.map((name) => [name, String(data.values[name] ?? '')] as const)
  const others = [
    laneKeyOf(scope, key),
    keys.owner(id, partner, datapoint),
    ...generated.flatMap(([name, alias]) => [
      keys.alias(scope, partner, datapoint, name, alias),
      keys.owner(alias, partner, datapoint),
    ]),
  ]
  return [
    { type: 'delete', key, expect: version },
    ...[...new Set(others)].map((other): WriteOperation => ({ type: 'delete', key: other })),
  ]
}
