import type { AsyncDatapoint } from '@imnot/schema'
import { mergeHeaders } from '../answers/headers.ts'
import { isRefusal, type Refusal, refusal } from '../answers/refusal.ts'
import type { Moment } from '../handling/moment.ts'
import type { Situation } from '../handling/situation.ts'
import type { CompileContext, EndpointBehaviour, Plan } from '../patterns/pattern.ts'
import { readsBody } from '../rendering/renderer.ts'
import { arriveAtFlow } from './arrive.ts'
import { compileFinal } from './final-answer.ts'
import { compileFinish, finish } from './finish.ts'
import { compileFlowAnswer } from './flow-answer.ts'
import { withDue } from './flow-due.ts'
import { compileFinder } from './flow-finder.ts'
import { changeOf, type Flow, type FlowState } from './flow-record.ts'
import { compilePending, type Pending } from './pending.ts'
import { afterStep, stepOrder } from './steps.ts'

type Context = CompileContext<AsyncDatapoint>

/** Every endpoint that continues a flow: it finds the flow, keeps the order, and is written down once it has given its answer. */
export function compileLaterStep(context: Context): EndpointBehaviour {
  const { partner, datapoint, endpoint, machine, services } = context
  const finder = compileFinder(endpoint, datapoint)
  const { flowId, flowAlias } = finder
  const order = stepOrder(datapoint)
  const pending = compilePendingOf(context)
  const declared = compileFinish(context)
  const name = `${partner}/${datapoint.name}`
  const step = endpoint.step ?? null
  const finds = flowId !== undefined || flowAlias !== undefined
  const final = compileFinal(context, finds)
  const parts = [final, pending, declared].filter((part) => part !== null)

  function refuse({ exchange, situation, arrived }: Moment): Refusal | null {
    const { flow } = situation
    if (arrived?.refusal !== undefined) return arrived.refusal
    if (flow === null) {
      return refuseUnknownId(name, flowId?.(exchange) ?? flowAlias?.(exchange)?.value ?? '', situation)
    }
    return flow.value.steered === 'fail' ? refuseFailed(name, flow.value.id) : null
  }

  function refuseTooEarly(flow: FlowState): Refusal | null {
    const missing = step === null ? null : order.missingBefore(step, flow.value.done)
    return missing === null || step === null ? null : refuseOutOfOrder(datapoint, step, missing)
  }

  async function planFor(flow: FlowState, moment: Moment): Promise<Plan> {
    const { situation } = moment
    const isDone = step === null || flow.value.done.includes(step)
    const waiting = isDone ? null : (pending?.at(flow.value, moment) ?? null)
    if (waiting !== null) {
      const after: Flow = { value: waiting.flow, data: flow.data }
      const answer = waiting.answer === null ? await final.of(after, moment) : await waiting.answer.of(after, moment)
      if (isRefusal(answer)) return { answer }
      return { answer, isInterim: true, flow: changeOf(flow, after), operations: moment.arrived?.operations ?? [] }
    }
    const value =
      step === null ? flow.value : afterStep(flow.value, { step, position: context.position, now: situation.now })
    const finished = await finish(declared, { value, data: flow.data }, { key: flow.key, moment })
    if (isRefusal(finished)) return { answer: finished }
    const { operations, scope } = finished
    const answer = await final.of(finished.flow, { ...moment, scope })
    if (isRefusal(answer)) return { answer }
    const isSame =
      moment.arrived === undefined && finished.flow.value === flow.value && finished.flow.data === flow.data
    const { standing } = finished.flow.value
    const plan: Plan = {
      answer,
      scope,
      operations,
      isPassing: standing !== undefined && machine?.passes(standing) === true,
    }
    return isSame ? plan : { ...plan, flow: changeOf(flow, withDue(finished.flow, situation.flowClock, machine)) }
  }

  return {
    ...finder,
    readsBody: finder.readsBody === true || parts.some(({ reads }) => readsBody(reads)),
    readsPayload: endpoint.response.returns_payload || (finds && machine?.readsPayload === true),
    ...(finds && {
      refuse,
      arrive(moment) {
        const alias = flowAlias?.(moment.exchange) ?? null
        return arriveAtFlow(moment, { storage: services.storage, machine, alias })
      },
    }),
    async plan(moment) {
      if (!finds) {
        const answer = await final.of(null, moment)
        return { answer }
      }
      const flow = moment.situation.flow as FlowState
      const refused = refuse(moment) ?? refuseTooEarly(flow)
      return refused === null ? planFor(flow, moment) : { answer: refused }
    },
  }
}

function compilePendingOf({ datapoint, endpoint, position, options, services }: Context): Pending | null {
  const { pending: entries, inherited } = endpoint
  if (entries === undefined) return null
  const answers = entries.map(({ response }) => {
    if (response === undefined) return null
    const headers = mergeHeaders(inherited?.headers ?? {}, response.headers)
    return compileFlowAnswer({ ...response, headers }, services.storage, {
      ...options,
      stateField: datapoint.state_field,
    })
  })
  return compilePending(entries, answers, { position, options: { ...options, flowId: true } })
}

function refuseUnknownId(name: string, id: string, situation: Situation): Refusal {
  if (id === '')
    return refusal('not_found', `The request names no id of a flow of ${name}; send the id that the first step gave.`)
  const where = situation.session === null ? '' : ' in this session'
  return refusal(
    'not_found',
    `No flow of ${name} has the id "${id}"${where}; start one with its first step and use the id that it gives.`,
  )
}

function refuseFailed(name: string, id: string): Refusal {
  return refusal(
    'failed',
    `The flow "${id}" of ${name} was made to fail by a tester; start another one, or complete it with \`imnot flows complete ${id}\`.`,
  )
}

function refuseOutOfOrder(datapoint: AsyncDatapoint, step: number, missing: number): Refusal {
  const first = datapoint.endpoints.find((endpoint) => endpoint.step === missing)
  const request = first === undefined ? '' : ` (${first.method.join(' or ')} ${first.path})`
  return refusal(
    'out_of_order',
    `Step ${step} came before step ${missing}${request}. Call step ${missing} first; ` +
      `or let it be skipped with "optional: true" on step ${missing}, or any order with "order: any" on the datapoint.`,
    { more: { step, missing_step: missing } },
  )
}
