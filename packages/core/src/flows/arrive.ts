import type { Exchange } from '../handling/exchange.ts'
import type { Moment } from '../handling/moment.ts'
import type { FlowAlias } from '../patterns/pattern.ts'
import { extendScope } from '../rendering/scope.ts'
import { changeOf, type FlowState, type FlowValue } from './flow-record.ts'
import { flowWithAttempts } from './flow-view.ts'

/**
 * What a request does to its flow by coming: one whose time is over is not there any more, and one that is polled has one
 * poll more. Conditions and answers see the flow as it is after that.
 */
export function arriveAtFlow(moment: Moment, alias: FlowAlias | null): Moment {
  const { situation, exchange } = moment
  const { flow, flowClock } = situation
  if (flow === null) return moment
  if (isOver(flow.value, flowClock.now) || !isMeant(flow, alias)) return withFlow(moment, null)
  if (!isPoll(exchange)) return moment
  const value: FlowValue = { ...flow.value, polls: flow.value.polls + 1, updatedAt: situation.now }
  const after = withFlow(moment, { key: flow.key, version: flow.version, value, data: flow.data })
  return { ...after, arrived: { flow: changeOf(flow, { value }) } }
}

/** Whether its id is unknown by now. */
export function isOver({ expiresAt }: FlowValue, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now
}

/** A generated id that another one has replaced leads nowhere. */
function isMeant({ data }: FlowState, alias: FlowAlias | null): boolean {
  return alias === null || String(data.values[alias.name] ?? '') === alias.value
}

/** Every GET that finds the flow is a poll, and every HEAD that is an endpoint. */
function isPoll({ request }: Exchange): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function withFlow(moment: Moment, flow: FlowState | null): Moment {
  const situation = { ...moment.situation, flow }
  const view = () => (flow === null ? undefined : flowWithAttempts(flow, situation))
  return { ...moment, situation, scope: extendScope(moment.scope, { flow: view }) }
}
