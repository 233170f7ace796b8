import type { CallbackDatapoint } from '@imnot/schema'
import type { RequestPlan } from '../requests/plan.ts'
import type { Variable } from '../variables/variable.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { nested } from './nested.ts'
import { requestsOf } from './pattern.ts'

/** Says where to call back, and can have the call made again. */
export const callbackRequests = requestsOf<CallbackDatapoint>('callback', {
  requests(context) {
    const { partner, datapoint } = context
    const url = context.shared(
      'callback_url',
      'http://127.0.0.1:9000/callback',
      'Where callbacks go: a receiver of yours',
    )
    return datapoint.endpoints.flatMap((endpoint) => {
      const { status, body, callback_url_field: field, callback_url_header: header } = endpoint.response
      const request: Partial<RequestPlan> =
        field === undefined ? { headers: [[header ?? '', url]] } : { body: { json: nested(field.split('.'), url) } }
      if (typeof body === 'string' || Array.isArray(body) || endpoint.method.includes('HEAD')) {
        return endpointPlans(context, endpoint, request)
      }
      const id = context.variable('request_id', '', 'The id of the callback that was last owed')
      const answer = { status, body: { ...(body as object | undefined), request_id: exampleId } }
      const captures = [{ variable: id, from: { json: ['request_id'] } }]
      return [
        ...endpointPlans(context, endpoint, { ...request, captures, answer }),
        retrigger(partner, datapoint.name, id),
      ]
    })
  },
})

const exampleId = '3c1f6ab0-58d7-4f0e-9a43-6a0f3c0b8d55'

function retrigger(partner: string, datapoint: string, id: Variable): RequestPlan {
  return {
    name: 'Send the callback again',
    method: 'POST',
    path: `/imnot/admin/${partner}/${datapoint}/callback/{request_id}/retrigger`,
    params: { request_id: id },
    isAdmin: true,
    answer: { status: 200, body: { status: 'dispatched', request_id: exampleId } },
  }
}
