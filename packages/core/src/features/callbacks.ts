import { countAll } from '../answers/render-answer.ts'
import { compileCallbacks } from '../deliveries/callbacks.ts'
import { type Lane, laneIn, laneKeyOf, readLane } from '../deliveries/lane.ts'
import { changeOf, type FlowChange, type FlowValue } from '../flows/flow-record.ts'
import { flowWithAttempts } from '../flows/flow-view.ts'
import type { Moment } from '../handling/moment.ts'
import type { Situation } from '../handling/situation.ts'
import { keys } from '../keys.ts'
import type { Plan } from '../patterns/pattern.ts'
import type { Storage } from '../ports/storage.ts'
import { readsBody } from '../rendering/renderer.ts'
import { extendScope } from '../rendering/scope.ts'
import type { FeatureCompiler } from './feature.ts'

/** `callbacks`: owed with the first final answer that the endpoint gives in a flow, or with each answer where there is no flow. */
export const callbacksFeature: FeatureCompiler = (context) => {
  const { partner, datapoint, endpoint, position, services } = context
  const { callbacks: declared = [] } = endpoint
  if (declared.length === 0) return null
  const hasFlows = datapoint.endpoints.some((one) => 'step' in one)
  const { storage, environment } = services
  const options = { ...context.options, flowId: hasFlows }
  const callbacks = compileCallbacks(declared, { partner, datapoint: datapoint.name, options, environment })
  return {
    readsBody: readsBody(callbacks.reads),
    readsPayload: callbacks.readsPayload,
    async amend(plan, moment) {
      if (isFailure(plan) || plan.isInterim === true || moment.exchange.passive) return plan
      const { situation } = moment
      const { now, payload } = situation
      await countAll(storage, callbacks.reads, moment)
      const flow = flowAfter(plan, moment)
      if (flow === null || plan.laneOwner !== undefined) {
        const scope = plan.scope ?? moment.scope
        const { lane, rest } = await laneOfRecord(plan, situation)
        const owed = callbacks.owe({ scope, clock: situation.clock, now, payload, lane })
        return owed.length === 0 ? plan : { ...plan, operations: [...rest, ...owed] }
      }
      if (flow.value.called?.includes(position)) return plan
      const value: FlowValue = { ...flow.value, called: [...(flow.value.called ?? []), position] }
      const after: FlowChange = { ...flow, value }
      const scope = extendScope(plan.scope ?? moment.scope, { flow: () => flowWithAttempts(after, situation) })
      const clock = value.session === null ? situation.flowClock : situation.clock
      // States that were entered may owe something in the same lane.
      const { found, rest } = laneIn(plan.operations ?? [], laneKeyOf(keys.scope(value.session), flow.key))
      const lane = found ?? (await laneOf(storage, flow))
      const owed = callbacks.owe({ scope, clock, now, payload, lane })
      return { ...plan, flow: after, operations: [...(owed.length === 0 ? (plan.operations ?? []) : rest), ...owed] }
    },
  }
}

function isFailure({ answer }: Plan): boolean {
  return 'status' in answer && answer.status >= 400
}

/** The flow as the plan leaves it. */
function flowAfter({ flow }: Plan, { situation, arrived }: Moment): FlowChange | null {
  const after = flow ?? arrived?.flow
  if (after !== undefined) return after
  return situation.flow === null ? null : changeOf(situation.flow)
}

/** The callbacks of a record follow each other, too. */
async function laneOfRecord({ laneOwner, operations = [] }: Plan, { scope, read }: Situation) {
  if (laneOwner === undefined) return { lane: null, rest: operations }
  const key = laneKeyOf(scope, laneOwner)
  // States that were entered may owe something in the same lane.
  const { found, rest } = laneIn(operations, key)
  if (found !== null) return { lane: found, rest }
  const [record = null] = await read([key])
  return { lane: readLane(key, record), rest: operations }
}

/** Read once in a flow's life for each endpoint that calls back; a flow that begins has none yet. */
async function laneOf(storage: Storage, { key, value, expect }: FlowChange): Promise<Lane> {
  const laneKey = laneKeyOf(keys.scope(value.session), key)
  if (expect === 'absent') return readLane(laneKey, null)
  const [record = null] = await storage.get([laneKey])
  return readLane(laneKey, record)
}
