import { type EndpointShape, parsePath } from '@imnot/schema'
import type { BodyPlan, RequestPlan } from '../requests/plan.ts'
import type { Variable } from '../variables/variable.ts'
import type { RequestContext } from './pattern.ts'

/** One request for each method of an endpoint, answered as it declares; `own` adds what the pattern knows. */
export function endpointPlans(
  context: RequestContext,
  endpoint: EndpointShape,
  own: Partial<RequestPlan> = {},
): RequestPlan[] {
  const { method: methods, path, description, step, response } = endpoint
  const { status, headers, content_type: contentType, body } = response
  const answer = { status, headers, contentType, body, ...own.answer }
  return methods.map((method) => ({
    name: `${step === undefined ? '' : `Step ${step}: `}${method} ${path}`,
    description,
    method,
    path,
    body: takesBody(method) ? emptyBody : undefined,
    ...own,
    params: { ...paramsOf(context, path), ...own.params },
    answer: method === 'HEAD' ? { ...answer, body: undefined } : answer,
  }))
}

const emptyBody: BodyPlan = { json: {} }

function takesBody(method: string): boolean {
  return ['POST', 'PUT', 'PATCH'].includes(method)
}

/** A path's parameters, each a variable that whoever sends the request may set. */
function paramsOf(context: RequestContext, path: string): Record<string, Variable> {
  const parsed = parsePath(path)
  const names = parsed.ok ? parsed.parameters : []
  return Object.fromEntries(
    names.map((name) => [name, context.variable(name, '1', `{${name}} in ${path}; any value will do`)]),
  )
}
