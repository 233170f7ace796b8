import { adminPath, type Caller } from '../caller.ts'
import type { PayloadInfo, PayloadView } from '../shapes.ts'

/** The payloads of one scope: of a session, or the global ones. */
export interface Payloads {
  /** Takes the place of the one before. The bytes come back to consumers as they are; text is sent in UTF-8. */
  set(partner: string, datapoint: string, body: Uint8Array | string, options?: SetPayload): Promise<StoredPayload>
  /** The exact bytes. Throws `NOT_FOUND` where there is none in exactly this scope. */
  get(partner: string, datapoint: string): Promise<Payload>
  /** What is known of it, and its content to look at. */
  inspect(partner: string, datapoint: string): Promise<PayloadView>
  /** Without their contents, by partner and datapoint. */
  list(): Promise<PayloadInfo[]>
  delete(partner: string, datapoint: string): Promise<void>
}

export interface SetPayload {
  /** Sent back with it. @default what the content tells: JSON, XML, or application/octet-stream */
  readonly contentType?: string | undefined
  /** Takes the bytes without looking whether JSON or XML is well formed. @default false */
  readonly verbatim?: boolean | undefined
}

export type StoredPayload = Omit<PayloadInfo, 'updated_at'>

export interface Payload {
  readonly body: Uint8Array
  readonly contentType: string
}

/** `session` is an id, or null for the global payloads, which to the holder of a session's token are the session's. */
export function createPayloads(call: Caller, session: string | null): Payloads {
  const headers = { 'x-imnot-session': session ?? undefined }
  const path = (partner: string, datapoint: string) => adminPath(partner, datapoint, 'payload')
  return {
    set(partner, datapoint, body, { contentType, verbatim } = {}) {
      return call.json('POST', path(partner, datapoint), {
        query: { verbatim: verbatim ? 'true' : undefined },
        headers: { ...headers, 'content-type': contentType },
        body,
      })
    },
    async get(partner, datapoint) {
      const { body, contentType } = await call('GET', `${path(partner, datapoint)}/raw`, { headers })
      return { body, contentType: contentType ?? 'application/octet-stream' }
    },
    inspect: (partner, datapoint) => call.json('GET', path(partner, datapoint), { headers }),
    list: () => call.json('GET', adminPath('payloads'), { query: { session: session ?? undefined } }),
    async delete(partner, datapoint) {
      await call('DELETE', path(partner, datapoint), { headers })
    },
  }
}
