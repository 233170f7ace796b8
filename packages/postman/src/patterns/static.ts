import type { StaticDatapoint } from '@imnot/schema'
import { endpointPlans } from './endpoint-plans.ts'
import { requestsOf } from './pattern.ts'

export const staticRequests = requestsOf<StaticDatapoint>('static', {
  requests: (context) => context.datapoint.endpoints.flatMap((endpoint) => endpointPlans(context, endpoint)),
})
