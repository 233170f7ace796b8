import type { FetchDatapoint } from '@imnot/schema'
import { endpointPlans } from './endpoint-plans.ts'
import { requestsOf } from './pattern.ts'

/** Each request gets the upload. */
export const fetchRequests = requestsOf<FetchDatapoint>('fetch', {
  requests: (context) =>
    context.datapoint.endpoints.flatMap((endpoint) =>
      endpointPlans(context, endpoint, { answer: { status: endpoint.response.status, body: context.payload } }),
    ),
})
