import { adminPath, type Caller } from '../caller.ts'
import type { PayloadInfo, PayloadView } from '../shapes.ts'

/** The payloads of one scope: of a session, or the global ones. */
export interface Payloads {
  /** Takes the place of the one before. The bytes come back to consumers as they are; text is sent in UTF-8. */
  set(partner: string, datapoint: string, body: Uint8Array | string, options?: SetPayload): Promise<StoredPayload>
  /** The exact bytes. Throws `NOT_FOUND` where there is none in exactly this scope, for exactly these values. */
  get(partner: string, datapoint: string, options?: WhichPayload): Promise<Payload>
  /** What is known of it, and its content to look at. */
  inspect(partner: string, datapoint: string, options?: WhichPayload): Promise<PayloadView>
  /** Without their contents, by partner and datapoint. */
  list(): Promise<PayloadInfo[]>
  delete(partner: string, datapoint: string, options?: WhichPayload): Promise<void>
}

/** Which of a datapoint's payloads. */
export interface WhichPayload {
  /** Path parameters, such as `{ id: 'RES-1' }`: the payload for exactly these values. @default the general one */
  readonly params?: Readonly<Record<string, string>> | undefined
}

export interface SetPayload extends WhichPayload {
  /** Sent back with it. @default what the content tells: JSON, XML, or application/octet-stream */
  readonly contentType?: string | undefined
  /** Takes the bytes without looking whether JSON or XML is well formed. @default false */
  readonly verbatim?: boolean | undefined
  /** Of the answers with this payload. @default the declared one */
  readonly status?: number | undefined
  /** Of these answers, each in place of a declared one of its name. */
  readonly headers?: Readonly<Record<string, string>> | undefined
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
    set(partner, datapoint, body, { params, contentType, verbatim, status, headers: sent = {} } = {}) {
      const header = Object.entries(sent).map(([name, value]) => `${name}: ${value}`)
      return call.json('POST', path(partner, datapoint), {
        query: { ...queryFor(params), verbatim: verbatim ? 'true' : undefined, status: status?.toString(), header },
        headers: { ...headers, 'content-type': contentType },
        body,
      })
    },
    async get(partner, datapoint, { params } = {}) {
      const query = queryFor(params)
      const { body, contentType } = await call('GET', `${path(partner, datapoint)}/raw`, { query, headers })
      return { body, contentType: contentType ?? 'application/octet-stream' }
    },
    inspect: (partner, datapoint, { params } = {}) =>
      call.json('GET', path(partner, datapoint), { query: queryFor(params), headers }),
    list: () => call.json('GET', adminPath('payloads'), { query: { session: session ?? undefined } }),
    async delete(partner, datapoint, { params } = {}) {
      await call('DELETE', path(partner, datapoint), { query: queryFor(params), headers })
    },
  }
}

/** So named, a parameter may have any name. */
function queryFor(params: WhichPayload['params'] = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [`param.${name}`, value]))
}
