import type { EngineResponse } from '../http/messages.ts'
import { type DeclaredResponse, flatHeaders, withType } from '../http/declared-response.ts'
import { refuse, respond } from '../http/respond.ts'
import type { Situation } from '../handling/situation.ts'
import { howToUpload } from './how-to-upload.ts'
import type { PayloadState } from './payload-record.ts'

/** Answers with an uploaded payload: its bytes and its media type as they came. */
export function payloadAnswer(response: DeclaredResponse): (payload: PayloadState) => EngineResponse {
  const declared = flatHeaders(response.headers)
  return ({ body, value }) =>
    respond(response.status, withType(declared, response.content_type ?? value.contentType), body)
}

/** The refusal of an endpoint whose payload nobody has uploaded. */
export function refuseNoPayload(partner: string, datapoint: string, situation: Situation): EngineResponse {
  const { session } = situation
  const remedy = howToUpload({ partner, datapoint, session: session?.value.id ?? null })
  if (session === null) return refuse(404, `No payload was uploaded for ${partner}/${datapoint}; ${remedy}.`)
  const where = session.value.isolated ? 'this isolated session' : 'this session, and there is no global one'
  return refuse(404, `No payload was uploaded for ${partner}/${datapoint} in ${where}; ${remedy}.`)
}
