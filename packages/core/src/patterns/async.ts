import { Buffer } from 'node:buffer'
import { randomUUID } from 'node:crypto'
import type { AsyncDatapoint } from '@imnot/schema'
import type { FlowValue } from '../flows/flow-record.ts'
import { idSource } from '../flows/id-source.ts'
import { idTemplate, idTemplateOfJson, withValueAt } from '../flows/id-template.ts'
import { afterStep, stepOrder } from '../flows/steps.ts'
import type { Exchange } from '../handling/exchange.ts'
import type { Situation } from '../handling/situation.ts'
import { bodyText, flatHeaders, typeOfBody, withType } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import { refuse, respond } from '../http/respond.ts'
import { keys } from '../keys.ts'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import type { WriteOperation } from '../ports/storage.ts'
import { putOwner } from '../sessions/owners.ts'
import { behaviourOf, type CompileContext, type EndpointBehaviour, type Plan } from './pattern.ts'

type Context = CompileContext<AsyncDatapoint>
type AsyncResponse = AsyncDatapoint['endpoints'][number]['response']

/** A flow of steps that a generated id holds together. */
export const asyncBehaviour = behaviourOf<AsyncDatapoint>('async', (context) =>
  context.endpoint.response.generates_id ? compileStart(context) : compileStep(context),
)

/** The step that starts a flow. */
function compileStart({ partner, datapoint, endpoint }: Context): EndpointBehaviour {
  const answer = compileAnswer(endpoint.response)
  return {
    plan({ prefix }, situation) {
      const id = randomUUID()
      const { now, session, scope } = situation
      const flow: FlowValue = {
        id,
        partner,
        datapoint: datapoint.name,
        session: session?.value.id ?? null,
        createdAt: now,
        updatedAt: now,
        done: [endpoint.step],
        polls: 0,
      }
      const key = keys.flow(scope, id, partner, datapoint.name)
      const operations: WriteOperation[] = [{ type: 'put', key, value: flow, expect: 'absent' }, ...putOwner(flow)]
      return { answer: answer(id, prefix), operations }
    },
  }
}

/** Every later step: it finds its flow, keeps the order, and is written down once it has given its answer. */
function compileStep({ partner, datapoint, endpoint }: Context): EndpointBehaviour {
  const { response, step, id_from: idFrom } = endpoint
  const flowId = idSource(idFrom)
  const order = stepOrder(datapoint)
  const answer = response.returns_payload ? null : compileAnswer(response)
  const payloadOf = payloadAnswer(response)
  const name = `${partner}/${datapoint.name}`

  return {
    flowId,
    readsBody: idFrom?.startsWith('body.') === true,
    readsPayload: response.returns_payload,
    plan(exchange, situation) {
      const { flow, payload, now } = situation
      if (flow === null) return { answer: refuseUnknownId(name, flowId(exchange), situation), refusedBy: 'not_found' }
      const missing = order.missingBefore(step, flow.value.done)
      if (missing !== null) return { answer: refuseOutOfOrder(datapoint, step, missing), refusedBy: 'out_of_order' }
      if (answer === null && payload === null)
        return { answer: refuseNoPayload(partner, datapoint.name, situation), refusedBy: 'no_payload' }
      const next = afterStep(flow.value, step, isPoll(exchange), now)
      return {
        answer: answer?.(flow.value.id, exchange.prefix) ?? (payload ? payloadOf(payload) : noAnswer),
        operations: changes(flow.value, next)
          ? [{ type: 'put', key: flow.key, value: next, expect: flow.version }]
          : [],
      } satisfies Plan
    },
  }
}

const noAnswer = respond(204, [])

/** Every GET that finds the flow is a poll, and every HEAD that is an endpoint. */
function isPoll({ request }: Exchange): boolean {
  return request.method === 'GET' || request.method === 'HEAD'
}

function changes(before: FlowValue, after: FlowValue): boolean {
  return after.polls !== before.polls || after.done.length !== before.done.length
}

/** The declared answer as a function of the flow's id and of the client's prefix. */
function compileAnswer(response: AsyncResponse): (id: string, prefix: string) => EngineResponse {
  const { status, id_header: idHeader, id_header_value: idHeaderValue, content_type: type = null } = response
  const declared = flatHeaders(response.headers)
  if (idHeader !== undefined && idHeaderValue !== undefined) declared.push(idHeader, idHeaderValue)
  const body = compileBody(response)
  const templates = withType(declared, type ?? body?.type ?? null).map(idTemplate)
  const leads = declared.map((name, index) => index % 2 === 0 && isLocation(name, idHeader))
  return (id, prefix) => {
    const headers = templates.map((template) => template(id))
    if (prefix !== '') prefixPaths(headers, leads, prefix)
    return respond(status, headers, body?.(id) ?? null)
  }
}

/** Paths that imnot hands out lead the client back into the session that its base URL names. */
function prefixPaths(headers: string[], leads: readonly boolean[], prefix: string): void {
  leads.forEach((isPath, index) => {
    const value = headers[index + 1]
    if (isPath && value?.startsWith('/') && !value.startsWith('//')) headers[index + 1] = prefix + value
  })
}

function isLocation(name: string, idHeader: string | undefined): boolean {
  return name === idHeader || ['location', 'content-location'].includes(name.toLowerCase())
}

function compileBody(response: AsyncResponse): (((id: string) => Uint8Array) & { type: string }) | null {
  const { body, id_body_field: idField } = response
  const declared = idField === undefined ? body : withValueAt(body, idField, '{id}')
  if (declared === undefined) return null
  const type = typeOfBody(declared, bodyText(declared))
  if (typeof declared !== 'string') return Object.assign(idTemplateOfJson(declared), { type })
  const template = idTemplate(declared)
  return Object.assign((id: string) => Buffer.from(template(id)), { type })
}

function refuseUnknownId(name: string, id: string, situation: Situation): EngineResponse {
  if (id === '')
    return refuse(404, `The request names no id of a flow of ${name}; send the id that the first step gave.`)
  const where = situation.session === null ? '' : ' in this session'
  return refuse(
    404,
    `No flow of ${name} has the id "${id}"${where}; start one with its first step and use the id that it gives.`,
  )
}

function refuseOutOfOrder(datapoint: AsyncDatapoint, step: number, missing: number): EngineResponse {
  const first = datapoint.endpoints.find((endpoint) => endpoint.step === missing)
  const request = first === undefined ? '' : ` (${first.method.join(' or ')} ${first.path})`
  return refuse(
    409,
    `Step ${step} came before step ${missing}${request}. Call step ${missing} first; ` +
      `or let it be skipped with "optional: true" on step ${missing}, or any order with "order: any" on the datapoint.`,
    { step, missing_step: missing },
  )
}
