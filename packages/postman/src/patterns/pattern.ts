import type { DatapointDefinition } from '@imnot/schema'
import type { RequestPlan } from '../requests/plan.ts'
import type { Variable } from '../variables/variable.ts'

/**
 * What the datapoints of one pattern contribute to a collection. Each pattern is one file; what is shared loops over the
 * registry and asks no pattern by its name.
 */
export interface PatternRequests {
  /** As in `@imnot/schema`'s registry; a test keeps the two equal. */
  readonly name: string
  /** The requests of a consumer, and of a tester beside them, in the order in which they are answered as declared. */
  requests(context: RequestContext): readonly RequestPlan[]
  /** An upload that the requests are answered from. @default a small object */
  payload?(context: RequestContext): unknown
}

export interface RequestContext<Datapoint extends DatapointDefinition = DatapointDefinition> {
  readonly partner: string
  readonly datapoint: Datapoint
  /** A variable of this datapoint. */
  variable(name: string, value: string, description: string): Variable
  /** A variable of the whole collection. */
  shared(name: string, value: string, description: string): Variable
  /** The example that is uploaded; undefined where the pattern takes none. */
  readonly payload: unknown
}

interface PatternParts<Datapoint extends DatapointDefinition> {
  readonly requests: (context: RequestContext<Datapoint>) => readonly RequestPlan[]
  readonly payload?: (context: RequestContext<Datapoint>) => unknown
}

/** What one pattern contributes; the registry hands it datapoints of that pattern only. */
export function requestsOf<Datapoint extends DatapointDefinition>(
  name: Datapoint['pattern'],
  { requests, payload }: PatternParts<Datapoint>,
): PatternRequests {
  const typed = (context: RequestContext) => context as unknown as RequestContext<Datapoint>
  return {
    name,
    requests: (context) => requests(typed(context)),
    ...(payload !== undefined && { payload: (context: RequestContext) => payload(typed(context)) }),
  }
}
