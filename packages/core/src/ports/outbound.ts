/** A call that imnot makes to a receiver of callbacks. */
export interface OutboundRequest {
  readonly method: string
  readonly url: string
  /** Names and values by turns. */
  readonly headers: readonly string[]
  readonly body: Uint8Array
}

export interface OutboundResponse {
  readonly status: number
  /** The value of `Retry-After`, null where there is none. */
  readonly retryAfter: string | null
  /** The beginning of the answer, at most 64 KiB. */
  readonly body: Uint8Array
}

/**
 * The only way out of the process. Resolves with any HTTP answer; a redirect is an answer. Throws an `ImnotError` with
 * `EGRESS_DENIED` where the address may not be called (no connection was made then), and any other error where no answer came.
 */
export type Outbound = (request: OutboundRequest) => Promise<OutboundResponse>
