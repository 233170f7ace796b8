import { compileHeaders } from '../answers/headers.ts'
import { type Refusal, refusal } from '../answers/refusal.ts'
import type { Situation } from '../handling/situation.ts'
import { type DeclaredResponse, withType } from '../http/declared-response.ts'
import type { EngineResponse } from '../http/messages.ts'
import { respond } from '../http/respond.ts'
import { readsOf } from '../rendering/renderer.ts'
import type { Scope } from '../rendering/scope.ts'
import type { TemplateOptions } from '../rendering/template.ts'
import { compileSplice } from '../splicing/compile-splice.ts'
import { howToUpload } from './how-to-upload.ts'
import type { PayloadState } from './payload-record.ts'

/** Answers with an uploaded payload: its bytes and its media type as they came. */
export interface PayloadAnswer {
  (payload: PayloadState, scope: Scope): EngineResponse | Refusal
  /** As in `Renderer`. */
  readonly reads: readonly string[]
}

export function payloadAnswer(response: DeclaredResponse, options: TemplateOptions = {}): PayloadAnswer {
  const headers = compileHeaders(response.headers, options)
  const splice = response.splice === undefined ? null : compileSplice(response.splice, options)
  const answer = ({ body, value }: PayloadState, scope: Scope) => {
    const type = response.content_type ?? value.contentType
    const fault = splice?.problemOf(body, type) ?? null
    if (fault !== null) return refuseSplice(value, fault.problem)
    const all = value.headers === undefined ? headers(scope) : replaceHeaders(headers(scope), value.headers)
    return respond(value.status ?? response.status, withType(all, type), splice?.apply(body, type, scope) ?? body)
  }
  return Object.assign(answer, { reads: splice === null ? headers.reads : readsOf([headers, splice]) })
}

/** Names and values by turns: those of `own` in place of others of the same name, in any case. */
function replaceHeaders(headers: readonly string[], own: readonly string[]): readonly string[] {
  const isOwn = (name: string) => own.some((other, at) => at % 2 === 0 && other.toLowerCase() === name.toLowerCase())
  return [...headers.filter((_text, index) => !isOwn(headers[index - (index % 2)] ?? '')), ...own]
}

function refuseSplice({ partner, datapoint }: PayloadState['value'], problem: string): Refusal {
  return refusal(
    'no_payload',
    `The payload that was uploaded for ${partner}/${datapoint} cannot be changed as "splice" says: ${problem}; upload one that can.`,
  )
}

/** The refusal of an endpoint whose payload nobody has uploaded. */
export function refuseNoPayload(partner: string, datapoint: string, situation: Situation): Refusal {
  const { session } = situation
  const remedy = howToUpload({ partner, datapoint, session: session?.value.id ?? null })
  if (session === null) return refusal('no_payload', `No payload was uploaded for ${partner}/${datapoint}; ${remedy}.`)
  const where = session.value.isolated ? 'this isolated session' : 'this session, and there is no global one'
  return refusal('no_payload', `No payload was uploaded for ${partner}/${datapoint} in ${where}; ${remedy}.`)
}
