import { compileHeaders } from '../answers/headers.ts'
import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Situation } from '../handling/situation.ts'
import { type DeclaredResponse, withType } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respond } from '../http/respond.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { howToUpload } from './how-to-upload.ts'
import type { PayloadState } from './payload-record.ts'

/** Answers with an uploaded payload: its bytes and its media type as they came. */
export interface PayloadAnswer {
  (payload: PayloadState, scope: Scope): EngineResponse
  /** As in `Renderer`. */
  readonly reads: readonly string[]
}

export function payloadAnswer(response: DeclaredResponse, options: TemplateOptions = {}): PayloadAnswer {
  const headers = compileHeaders(response.headers, options)
  const answer = ({ body, value }: PayloadState, scope: Scope) => {
    const all = value.headers === undefined ? headers(scope) : replaceHeaders(headers(scope), value.headers)
    return respond(value.status ?? response.status, withType(all, response.content_type ?? value.contentType), body)
  }
  return Object.assign(answer, { reads: headers.reads })
}

/** Names and values by turns: those of `own` in place of others of the same name, in any case. */
function replaceHeaders(headers: readonly string[], own: readonly string[]): readonly string[] {
  const isOwn = (name: string) => own.some((other, at) => at % 2 === 0 && other.toLowerCase() === name.toLowerCase())
  return [...headers.filter((_text, index) => !isOwn(headers[index - (index % 2)] ?? '')), ...own]
}

/** The refusal of an endpoint whose payload nobody has uploaded. */
export function refuseNoPayload(partner: string, datapoint: string, situation: Situation): Refusal {
  const { session } = situation
  const remedy = howToUpload({ partner, datapoint, session: session?.value.id ?? null })
  if (session === null) return refusal('no_payload', `No payload was uploaded for ${partner}/${datapoint}; ${remedy}.`)
  const where = session.value.isolated ? 'this isolated session' : 'this session, and there is no global one'
  return refusal('no_payload', `No payload was uploaded for ${partner}/${datapoint} in ${where}; ${remedy}.`)
}
