import type { AsyncDatapoint } from '@imnot/schema'
import type { AnswerPlan, Capture, RequestPlan } from '../requests/plan.ts'
import type { Variable } from '../variables/variable.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { nested } from './nested.ts'
import { type RequestContext, requestsOf } from './pattern.ts'

type Step = AsyncDatapoint['endpoints'][number]

const exampleId = '9f1c2f3a-6f0e-4c39-9f57-2b1f0d0e7a11'

/** The steps in their order; the id that the first one gives goes from one to the next. */
export const asyncRequests = requestsOf<AsyncDatapoint>('async', {
  requests(context) {
    const id = context.variable('id', '', 'The id of the flow that was last started')
    return [...context.datapoint.endpoints]
      .sort((one, other) => placeOf(one) - placeOf(other))
      .flatMap((step) => endpointPlans(context, step, planOf(context, step, id)))
  },
})

/** What stands outside the order comes last. */
function placeOf({ step }: Step): number {
  return step ?? Number.POSITIVE_INFINITY
}

function planOf(context: RequestContext<AsyncDatapoint>, step: Step, id: Variable): Partial<RequestPlan> {
  if (step.response.generates_id) return { captures: capturesOf(step, id), answer: startAnswer(step) }
  const { status, returns_payload: givesPayload, body } = step.response
  return { ...namesFlow(step, id), answer: { status, body: givesPayload ? context.payload : body } }
}

function capturesOf({ method, response }: Step, variable: Variable): Capture[] {
  const { id_header: header, id_header_value: value = '{id}', id_body_field: field } = response
  // The answer to a HEAD has no body to look into.
  if (header !== undefined && (field === undefined || method.includes('HEAD'))) {
    return [{ variable, from: { header, value } }]
  }
  const place = field?.split('.') ?? placeOfId(response.body)
  return place === null ? [] : [{ variable, from: { json: place } }]
}

/** Where a declared body shows the id; null where it does not. */
function placeOfId(body: unknown): string[] | null {
  if (body === '{id}' || body === '{{ flow.id }}') return []
  if (typeof body !== 'object' || body === null || Array.isArray(body)) return null
  for (const [name, value] of Object.entries(body)) {
    const inner = placeOfId(value)
    if (inner !== null) return [name, ...inner]
  }
  return null
}

function startAnswer({ response }: Step): AnswerPlan {
  const { status, headers, id_header: header, id_header_value: value = '', id_body_field: field, body } = response
  return {
    status,
    headers: header === undefined ? headers : { ...headers, [header]: value.replaceAll('{id}', exampleId) },
    body: field === undefined ? body : { ...(body as object | undefined), ...nested(field.split('.'), exampleId) },
  }
}

/** Where a later step says which flow it means. */
function namesFlow({ id_from: source = 'params.id' }: Step, id: Variable): Partial<RequestPlan> {
  const [root = '', ...names] = source.split('.')
  const name = names.join('.')
  // What a JSONPath, an XPath or a template reads cannot be written the other way round.
  if (!/^(params|query|headers|body)\./.test(source)) return {}
  if (root === 'query') return { query: [[name, id]] }
  if (root === 'headers') return { headers: [[name, id]] }
  if (root === 'body') return { body: { json: nested(names, id) } }
  return { params: { [name]: id } }
}
