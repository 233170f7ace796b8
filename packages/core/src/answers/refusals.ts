import type { DeclaredBody } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import { refuse } from '../http/respond.ts'
import { extendScope, type Scope } from '../rendering/scope.ts'
import { type Answer, type AnswerOptions, compileAnswer } from './answer.ts'
import { compileHeaders, mergeHeaders } from './headers.ts'
import { type Refusal, type RefusalKind, refusalStatuses } from './refusal.ts'

/** How an endpoint refuses: in the shape that `errors` declares for the kind, else in imnot's own. */
export interface Refusals {
  /** Whether a refusal of this kind may read the request's body. */
  readonly reads: readonly string[]
  answer(refusal: Refusal, scope: Scope): EngineResponse
}

export interface DeclaredError extends DeclaredBody {
  readonly status?: number | undefined
  readonly headers?: Readonly<Record<string, string | readonly string[]>> | undefined
  readonly content_type?: string | undefined
}

export type DeclaredErrors = { readonly [Kind in RefusalKind]?: DeclaredError | undefined }

export interface RefusalOptions extends AnswerOptions {
  readonly defaultHeaders?: Readonly<Record<string, string | readonly string[]>>
}

export function compileRefusals(errors: DeclaredErrors, options: RefusalOptions): Refusals {
  const { defaultHeaders = {} } = options
  const answers = new Map<string, Answer>()
  for (const [kind, declared] of Object.entries(errors)) {
    if (declared === undefined) continue
    const { status = refusalStatuses[kind as RefusalKind], headers = {}, ...rest } = declared
    answers.set(kind, compileAnswer({ ...rest, status, headers: mergeHeaders(defaultHeaders, headers) }, options))
  }
  const ownHeaders = compileHeaders(defaultHeaders, options)
  return {
    reads: [...answers.values()].flatMap((answer) => answer.reads),
    answer(refusal, scope) {
      const { kind, detail, more = {}, headers = [] } = refusal
      const status = refusal.status ?? refusalStatuses[kind]
      const answer = answers.get(kind)
      if (answer === undefined) return refuse(status, detail, more, [...headers, ...ownHeaders(scope)])
      const error = () => ({ ...more, kind, detail, status: errors[kind]?.status ?? status })
      const rendered = answer.render(extendScope(scope, { error }), headers)
      // What the refusal says itself, such as 415, unless the partner says another.
      return refusal.status === undefined || errors[kind]?.status !== undefined ? rendered : { ...rendered, status }
    },
  }
}
