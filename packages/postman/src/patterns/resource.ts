import type { ResourceDatapoint } from '@imnot/schema'
import type { Capture, RequestPlan } from '../requests/plan.ts'
import type { Variable } from '../variables/variable.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { nested } from './nested.ts'
import { type RequestContext, requestsOf } from './pattern.ts'

type Endpoint = ResourceDatapoint['endpoints'][number]

/** A record is made first and deleted last; the id that the first answer gives goes from one to the next. */
export const resourceRequests = requestsOf<ResourceDatapoint>('resource', {
  requests(context) {
    const id = context.variable('id', '', 'The id of the record that was last made')
    return [...context.datapoint.endpoints]
      .sort((one, other) => turn(one) - turn(other))
      .flatMap((endpoint) => endpointPlans(context, endpoint, planOf(context, endpoint, id)))
  },
})

const inOrder = ['create', 'list', 'read', 'replace', 'patch', 'action', 'delete']

function turn({ operation = 'action' }: Endpoint): number {
  return inOrder.indexOf(operation)
}

function planOf(context: RequestContext<ResourceDatapoint>, endpoint: Endpoint, id: Variable): Partial<RequestPlan> {
  const { operation } = endpoint
  if (operation === 'list') return {}
  if (operation === 'create') return { ...sentId(context), captures: capturesOf(context, endpoint, id) }
  const [root = '', ...names] = (endpoint.id_from ?? 'params.id').split('.')
  const name = names.join('.')
  if (root === 'query') return { query: [[name, id]] }
  if (root === 'headers') return { headers: [[name, id]] }
  if (root === 'body') return { body: { json: nested(names, id) } }
  return { params: { [name]: id } }
}

/** Where the client chooses the id, one must be sent. */
function sentId(context: RequestContext<ResourceDatapoint>): Partial<RequestPlan> {
  const { id } = context.datapoint
  if (typeof id === 'string' || !id.from.startsWith('body.')) return {}
  const chosen = context.variable('new_id', 'example-1', 'The id of the record that is to be made')
  return { body: { json: nested(id.from.split('.').slice(1), chosen) } }
}

/** An answer that is the record shows its id, unless it is hidden. */
function capturesOf(
  { datapoint }: RequestContext<ResourceDatapoint>,
  { response }: Endpoint,
  variable: Variable,
): Capture[] {
  if (response.body !== undefined || datapoint.hidden.includes('id')) return []
  const { id } = datapoint
  if (typeof id === 'string') return [{ variable, from: { json: ['id'] } }]
  return id.from.startsWith('body.') ? [{ variable, from: { json: id.from.split('.').slice(1) } }] : []
}
