import { laneKeyOf } from '../deliveries/lane.ts'
import { keys, queues } from '../keys.ts'
import type { WriteOperation } from '../ports/storage.ts'
import type { DueKind } from '../time/due-kind.ts'
import { isOver } from './arrive.ts'
import { changeOf, type FlowState, putFlow, readFlow } from './flow-record.ts'

/** What happens to flows unasked: one whose time is over goes. */
export const flowDues: DueKind = {
  queue: queues.flows,
  prefix: keys.flows,
  apply({ record, clock }) {
    const flow = readFlow(record)
    if (flow === null) return []
    if (isOver(flow.value, clock.now)) return eraseFlow(flow)
    return [putFlow(changeOf(flow, { value: { ...flow.value, due: null } }))]
  },
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
