import { asyncRequests } from './async.ts'
import { callbackRequests } from './callback.ts'
import { endpointPlans } from './endpoint-plans.ts'
import { fetchRequests } from './fetch.ts'
import { oauthRequests } from './oauth.ts'
import { paginatedRequests } from './paginated.ts'
import type { PatternRequests } from './pattern.ts'
import { resourceRequests } from './resource.ts'
import { staticRequests } from './static.ts'

/** What each pattern that the schema knows contributes. */
export const builtinRequests: readonly PatternRequests[] = [
  staticRequests,
  oauthRequests,
  fetchRequests,
  asyncRequests,
  callbackRequests,
  paginatedRequests,
  resourceRequests,
]

/** A pattern that somebody registered and that says nothing of Postman gets its endpoints as they are declared. */
export function findRequests(name: string, patterns: readonly PatternRequests[]): PatternRequests {
  const found = patterns.find((pattern) => pattern.name === name)
  return (
    found ?? {
      name,
      requests: (context) => context.datapoint.endpoints.flatMap((endpoint) => endpointPlans(context, endpoint)),
    }
  )
}
