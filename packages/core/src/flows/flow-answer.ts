import { type AnswerOptions, compileAnswer } from '../answers/answer.ts'
import { renderAnswer } from '../answers/render-answer.ts'
import type { Moment } from '../handling/moment.ts'
import type { DeclaredResponse } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import type { Storage } from '../ports/storage.ts'
import { isMapping, readPath } from '../rendering/read-member.ts'
import { extendScope } from '../rendering/scope.ts'
import type { Flow } from './flow-record.ts'
import { flowWithAttempts } from './flow-view.ts'
import { withValueAt } from './value-at.ts'

/** The part of a response by which a client learns the id. */
export interface FlowResponse extends DeclaredResponse {
  readonly id_header?: string | undefined
  readonly id_header_value?: string | undefined
  readonly id_body_field?: string | undefined
}

/** A declared answer of a datapoint that has flows: `{id}` and `flow` in it are the flow's. */
export interface FlowAnswer {
  /** As in `Renderer`. */
  readonly reads: readonly string[]
  /** The answer for the flow as it will be once what is planned is written; null where the request concerns none. */
  of(flow: Flow | null, moment: Moment): EngineResponse | Promise<EngineResponse>
}

export interface FlowAnswerOptions extends AnswerOptions {
  /** The field of a body that is a mapping, or of none, that shows the state. */
  readonly stateField?: string | undefined
}

export function compileFlowAnswer(response: FlowResponse, storage: Storage, options: FlowAnswerOptions): FlowAnswer {
  const { id_header: idHeader, id_header_value: idValue, id_body_field: idField } = response
  const headers =
    idHeader === undefined || idValue === undefined ? response.headers : { ...response.headers, [idHeader]: idValue }
  const shown = withState(response, options.stateField)
  const body = idField === undefined ? shown : withValueAt(shown, idField, '{id}')
  const answer = compileAnswer({ ...response, headers, body }, { ...options, flowId: true })
  const paths = new Set([...locations, idHeader?.toLowerCase() ?? ''])
  return {
    reads: answer.reads,
    of(flow, moment) {
      if (answer.fixed !== null) return withPrefix(answer.fixed, paths, moment.exchange.prefix)
      const view = () => (flow === null ? undefined : flowWithAttempts(flow, moment.situation))
      const scope = extendScope(moment.scope, { flow: view })
      const response = renderAnswer(storage, answer, { ...moment, scope })
      const { prefix } = moment.exchange
      if (response instanceof Promise) return response.then((rendered) => withPrefix(rendered, paths, prefix))
      return withPrefix(response, paths, prefix)
    },
  }
}

/** What a body says itself of the field stands. */
function withState({ status, body, body_file: file }: FlowResponse, field: string | undefined): unknown {
  const canShow = file === undefined && (body === undefined ? allowsBody(status) : isMapping(body))
  if (field === undefined || !canShow || readPath(body, field.split('.')) !== undefined) return body
  return withValueAt(body, field, '{{ flow.state }}')
}

/** RFC 9110, 15.3.5, 15.3.6 and 15.4.5. */
function allowsBody(status: number): boolean {
  return status !== 204 && status !== 205 && status !== 304
}

const locations: readonly string[] = ['location', 'content-location']

/** Paths that imnot hands out lead the client back into the session that its base URL names. */
function withPrefix(response: EngineResponse, names: ReadonlySet<string>, prefix: string): EngineResponse {
  if (prefix === '') return response
  const headers = response.headers.map((value, index) => {
    const name = index % 2 === 1 ? (response.headers[index - 1] ?? '').toLowerCase() : ''
    return names.has(name) && value.startsWith('/') && !value.startsWith('//') ? prefix + value : value
  })
  return { ...response, headers }
}
