import type { DatapointShape, EndpointShape, ResponseShape } from '@imnot/schema'

/** What an endpoint of a flow may have, whatever its pattern. */
export interface StepShape extends EndpointShape {
  readonly optional?: boolean | undefined
  readonly id_from?: string | undefined
  response: ResponseShape & {
    readonly generates_id?: boolean | undefined
    readonly id_header?: string | undefined
    readonly id_header_value?: string | undefined
    readonly id_body_field?: string | undefined
    readonly returns_payload?: boolean | undefined
  }
}

/** The endpoint that starts a flow, and those that a consumer has to call after it, up to the one with the result. */
export interface Conversation {
  readonly start: StepShape
  readonly rest: readonly StepShape[]
}

/** Null where the datapoint has no flows. */
export function conversationOf(datapoint: DatapointShape): Conversation | null {
  const endpoints = datapoint.endpoints as StepShape[]
  const start = endpoints.find(({ response }) => response.generates_id)
  if (start === undefined || !canBeFollowed(start)) return null
  const rest: StepShape[] = []
  for (const endpoint of [...endpoints].sort((a, b) => (a.step ?? 0) - (b.step ?? 0))) {
    const isAlternative = [start, ...rest].some(({ step }) => step === endpoint.step)
    if (endpoint.step === undefined || !/^(params|query|headers|body)\./.test(endpoint.id_from ?? 'params.id')) continue
    if (isAlternative || (endpoint.optional && !endpoint.response.returns_payload)) continue
    rest.push(endpoint)
    if (endpoint.response.returns_payload) break
  }
  return { start, rest }
}

/** Whether a line of shell can take the id out of the answer. */
function canBeFollowed({ response }: StepShape): boolean {
  return response.id_header !== undefined || response.id_body_field !== undefined
}
