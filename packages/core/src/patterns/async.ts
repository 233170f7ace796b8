import type { AsyncDatapoint } from '@imnot/schema'
import { type Refusal, refusal } from '../answers/refusal.ts'
import { compileFlowAnswer } from '../flows/flow-answer.ts'
import type { FlowValue } from '../flows/flow-record.ts'
import { idSource } from '../flows/id-source.ts'
import { afterStep, stepOrder } from '../flows/steps.ts'
import type { Exchange } from '../handling/exchange.ts'
import { requestScope } from '../handling/scope-of-request.ts'
import type { Situation } from '../handling/situation.ts'
import { compileId } from '../ids/compile-id.ts'
import { makeId } from '../ids/make-id.ts'
import { keys } from '../keys.ts'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import type { PayloadState } from '../payloads/payload-record.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { readsBody } from '../rendering/renderer.ts'
import { putOwner } from '../sessions/owners.ts'
import { behaviourOf, type CompileContext, type EndpointBehaviour, type Plan } from './pattern.ts'

type Context = CompileContext<AsyncDatapoint>

/** A flow of steps that a generated id holds together. */
export const asyncBehaviour = behaviourOf<AsyncDatapoint>('async', (context) =>
  context.endpoint.response.generates_id ? compileStart(context) : compileStep(context),
)

/** A step that starts a flow. An id that the client chose is looked for as that of a flow would be, so that one read tells whether it is taken. */
function compileStart({ partner, datapoint, endpoint, options, services }: Context): EndpointBehaviour {
  const answer = compileFlowAnswer(endpoint.response, services.storage, options)
  const ids = compileId(endpoint.response.id)
  const { chosenBy } = ids
  const name = `${partner}/${datapoint.name}`
  return {
    ...(chosenBy !== null && { flowId: (exchange) => chosenBy(requestScope(exchange)) || null }),
    readsBody: readsBody(answer.reads) || readsBody(ids.reads),
    async plan(moment) {
      const { now, session, scope } = moment.situation
      const id = await makeId(services.storage, ids, moment, [partner, datapoint.name])
      if (id === '') return { answer: refuseNoId(name) }
      if (isTaken(moment.situation)) return { answer: refuseTakenId(name, id, moment.situation) }
      const flow: FlowValue = {
        id,
        ...(ids.isNumber && { hasNumber: true }),
        partner,
        datapoint: datapoint.name,
        session: session?.value.id ?? null,
        createdAt: now,
        updatedAt: now,
        done: [endpoint.step],
        polls: 0,
      }
      const key = keys.flow(scope, id, partner, datapoint.name)
      const owner = ids.isUnguessable ? putOwner(flow) : []
      const operations: WriteOperation[] = [{ type: 'put', key, value: flow, expect: 'absent' }, ...owner]
      return { answer: await answer.of(flow, moment), operations }
    },
  }
}

/** A session may use an id that the global scope has, too. */
function isTaken({ flow, session }: Situation): boolean {
  return flow !== null && flow.value.session === (session?.value.id ?? null)
}

/** Every later step: it finds its flow, keeps the order, and is written down once it has given its answer. */
function compileStep({ partner, datapoint, endpoint, options, services }: Context): EndpointBehaviour {
  const { response, step, id_from: idFrom } = endpoint
  const flowId = idSource(idFrom)
  const order = stepOrder(datapoint)
  const answer = response.returns_payload ? null : compileFlowAnswer(response, services.storage, options)
  const payloadOf = payloadAnswer(response, { ...options, flowId: true })
  const name = `${partner}/${datapoint.name}`

  return {
    flowId,
    readsBody: idFrom?.startsWith('body.') === true || readsBody(answer?.reads ?? payloadOf.reads),
    readsPayload: response.returns_payload,
    async plan(moment) {
      const { exchange, situation, scope } = moment
      const { flow, payload, now } = situation
      if (flow === null) return { answer: refuseUnknownId(name, flowId(exchange), situation) }
      const missing = order.missingBefore(step, flow.value.done)
      if (missing !== null) return { answer: refuseOutOfOrder(datapoint, step, missing) }
      if (answer === null && payload === null) return { answer: refuseNoPayload(partner, datapoint.name, situation) }
      const next = afterStep(flow.value, step, isPoll(exchange), now)
      return {
        answer: answer === null ? payloadOf(payload as PayloadState, scope) : await answer.of(next, moment),
        operations: changes(flow.value, next)
          ? [{ type: 'put', key: flow.key, value: next, expect: flow.version }]
          : [],
      } satisfies Plan
    },
  }
}

/** Every GET that finds the flow is a poll, and every HEAD that is an endpoint. */
function isPoll({ request }: Exchange): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function changes(before: FlowValue, after: FlowValue): boolean {
  return after.polls !== before.polls || after.done.length !== before.done.length
}

function refuseNoId(name: string): Refusal {
  return refusal('invalid', `The request names no id for the flow of ${name} that it starts; send one.`)
}

function refuseTakenId(name: string, id: string, { session }: Situation): Refusal {
  const where = session === null ? '' : ' in this session'
  return refusal('conflict', `There is a flow of ${name} with the id "${id}"${where} already; choose another id.`)
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
