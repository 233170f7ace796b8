/**
 * How an imnot is reached: over HTTP, or in this process. Everything else is the same for both.
 */
export interface Connection {
  /** Where consumers reach it, without a slash at the end. Asked for anew each time: a server may begin to listen later. */
  baseUrl(): string
  /** A call of the admin API. Resolves with any answer, a refusal too; rejects where none can be had. */
  call(call: AdminCall): Promise<AdminAnswer>
  /** A GET whose answer has no end but the caller's: its bytes as they come, or the refusal. The signal ends it without an error. */
  stream(path: string, options: { readonly signal?: AbortSignal }): Promise<AdminAnswer | AdminStream>
  /** A consumer's request, to an absolute URL at `baseUrl()`. */
  fetch(url: string, init: RequestInit): Promise<Response>
}

export interface AdminCall {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** With its query: `/imnot/admin/flows?partner=acme`. */
  readonly path: string
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** Null for a call without one. */
  readonly body: Uint8Array<ArrayBuffer> | null
}

export interface AdminStream {
  readonly chunks: AsyncIterable<Uint8Array>
}

export interface AdminAnswer {
  readonly status: number
  /** Null where it says none. */
  readonly contentType: string | null
  readonly body: Uint8Array
}
