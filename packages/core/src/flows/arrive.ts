import { isRefusal } from '../answers/refusal.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import type { FlowAlias } from '../patterns/pattern.ts'
import type { Storage } from '../ports/storage.ts'
import { keepRecordWork } from '../records/work-of.ts'
import { extendScope } from '../rendering/scope.ts'
import type { Machine } from '../states/machine.ts'
import { withDue } from './flow-due.ts'
import { flowAt, occasionOf, operationsAt, placeOf } from './flow-place.ts'
import { changeOf, type Flow, type FlowState, type FlowValue } from './flow-record.ts'
import { flowWithAttempts } from './flow-view.ts'

export interface Arrival {
  readonly storage: Storage
  readonly machine: Machine | null
  /** The generated id by which the request has named the flow. */
  readonly alias: FlowAlias | null
}

/**
 * What a request does to its flow by coming: one whose time is over is not there any more; what time has brought is done; and
 * one that is polled has one poll more, which may bring it into its next state. Conditions and answers see it as it is after that.
 */
export async function arriveAtFlow(moment: Moment, { storage, machine, alias }: Arrival): Promise<Moment> {
  const { situation, exchange } = moment
  const { flow, flowClock } = situation
  if (flow === null) return moment
  if (isOver(flow.value, flowClock.now) || !isMeant(flow, alias)) return withFlow(moment, null)
  const isPoll = isPolled(exchange)
  const polls = flow.value.polls + (isPoll ? 1 : 0)
  const before: Flow = { data: flow.data, value: { ...flow.value, polls, updatedAt: situation.now } }
  if (machine === null || isSteered(flow.value)) {
    return isPoll ? { ...withFlow(moment, before), arrived: { flow: changeOf(flow, before), operations: [] } } : moment
  }
  const start = withFlow(moment, before)
  const occasion = occasionOf(before, flow.key, start, storage)
  const place = placeOf(before, start.scope)
  const after = await machine.advance(place, occasion, { isPoll })
  if (isRefusal(after)) return { ...start, arrived: { refusal: after, operations: [] } }
  if (after === place && !isPoll) return moment
  const next = withDue(flowAt(before, after), flowClock, machine)
  const arrived = { flow: changeOf(flow, next), place: after, operations: operationsAt(after, occasion) }
  return { ...withFlow(start, next), scope: after.scope, arrived }
}

/** Whether its id is unknown by now. */
export function isOver({ expiresAt }: FlowValue, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** Whether a tester has it in hand, so that it does not go on by itself. */
export function isSteered({ steered }: FlowValue): boolean {
  return steered === 'hold' || steered === 'fail'
}

/** A generated id that another one has replaced leads nowhere. */
function isMeant({ data }: FlowState, alias: FlowAlias | null): boolean {
  return alias === null || String(data.values[alias.name] ?? '') === alias.value
}

/** Every GET that finds the flow is a poll, and every HEAD that is an endpoint. */
function isPolled({ request }: Exchange): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function withFlow(moment: Moment, change: Flow | null): Moment {
  const { flow: found } = moment.situation
  const flow = found === null || change === null ? null : { key: found.key, version: found.version, ...change }
  const situation = { ...moment.situation, flow }
  keepRecordWork(moment.situation, situation)
  const view = () => (flow === null ? undefined : flowWithAttempts(flow, situation))
  return { ...moment, situation, scope: extendScope(moment.scope, { flow: view }) }
}
