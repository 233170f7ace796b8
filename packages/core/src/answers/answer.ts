import type { ReadFile } from '../files/read-file.ts'
import { type DeclaredResponse, withType } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respond } from '../http/respond.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { compileHeaders } from './headers.ts'
import { compileResponseBody } from './response-body.ts'

/** A declared answer, compiled once. Every pattern, guard and refusal answers by one. */
export interface Answer {
  /** The whole answer, where it depends on nothing; its bytes are made once. */
  readonly fixed: EngineResponse | null
  /** What its templates read, as in `Renderer`. */
  readonly reads: readonly string[]
  /** Never throws. `more` are headers that come beside the declared ones. */
  render(scope: Scope, more?: readonly string[]): EngineResponse
}

export interface AnswerOptions extends TemplateOptions {
  /** Reads what stands beside the definition. @default there is nothing */
  readonly readFile?: ReadFile
  /** The type of the body where the answer declares none. */
  readonly contentType?: string | undefined
}

export function compileAnswer(response: DeclaredResponse, options: AnswerOptions = {}): Answer {
  const { status } = response
  const declaredType = response.content_type ?? options.contentType ?? null
  const headers = compileHeaders(response.headers, options)
  const body = compileResponseBody(response, declaredType, options)
  const render = (scope: Scope, more: readonly string[] = []) => {
    const rendered = body === null ? null : body(scope)
    const type = rendered?.type ?? (body === null ? declaredType : null)
    const all = withType([...headers(scope), ...more], type)
    // Nobody knows beforehand how long a stream is.
    if (rendered?.pauses !== undefined) return { status, headers: all, body: rendered.bytes, pauses: rendered.pauses }
    return respond(status, all, rendered?.bytes ?? null)
  }
  const isFixed = headers.isFixed && body?.isFixed !== false
  const reads = readsOf(body === null ? [headers] : [headers, body])
  if (!isFixed) return { fixed: null, reads, render }
  const fixed = render(noScope)
  return { fixed, reads: [], render: (scope, more = []) => (more.length === 0 ? fixed : render(scope, more)) }
}

const noScope = Object.create(null) as Scope
