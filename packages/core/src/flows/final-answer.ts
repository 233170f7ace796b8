import type { AsyncDatapoint } from '@imnot/schema'
import { compileHeaders } from '../answers/headers.ts'
import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Moment } from '../handling/moment.ts'
import { withType } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respond } from '../http/respond.ts'
import type { CompileContext } from '../patterns/pattern.ts'
import { payloadAnswer, refuseNoPayload } from '../payloads/payload-answer.ts'
import { scopeWith } from './finish.ts'
import { compileFlowAnswer } from './flow-answer.ts'
import type { Flow } from './flow-record.ts'

/** The answer of a later step: declared, the uploaded payload, or a body that was captured. */
export interface FinalAnswer {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** Null for an endpoint that concerns no flow. A refusal where there is nothing to answer with. */
  of(flow: Flow | null, moment: Moment): EngineResponse | Refusal | Promise<EngineResponse | Refusal>
}

/** `finds` tells whether the endpoint has a flow, whose state its answers may show. */
export function compileFinal(context: CompileContext<AsyncDatapoint>, finds: boolean): FinalAnswer {
  const { partner, datapoint, endpoint, options, services } = context
  const { response } = endpoint
  const stateField = finds ? datapoint.state_field : undefined
  if (response.body_from !== undefined) return keptBody(context, response.body_from.slice('flow.'.length))
  if (response.returns_payload) {
    const answer = payloadAnswer(response, { ...options, flowId: true })
    return {
      reads: answer.reads,
      of(flow, moment) {
        const { payload } = moment.situation
        if (payload === null) return refuseNoPayload(partner, datapoint.name, moment.situation)
        return answer(payload, flow === null ? moment.scope : scopeWith(flow, moment))
      },
    }
  }
  return compileFlowAnswer(response, services.storage, { ...options, stateField })
}

function keptBody({ endpoint, options }: CompileContext<AsyncDatapoint>, name: string): FinalAnswer {
  const { status, content_type: type, headers: declared } = endpoint.response
  const headers = compileHeaders(declared, { ...options, flowId: true })
  return {
    reads: headers.reads,
    of(flow, moment) {
      const file = flow?.data.files[name]
      if (flow === null || file === undefined) return refuseNothingKept(name)
      const sent = withType(headers(scopeWith(flow, moment)), type ?? (file.contentType || null))
      return respond(status, sent, file.bytes)
    },
  }
}

function refuseNothingKept(name: string): Refusal {
  return refusal('no_payload', `The flow has no "${name}" yet; send it with the request that captures it.`)
}
