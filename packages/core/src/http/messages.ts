import type { ConnectionFault } from '@imnot/schema'

/** The part of Fetch's `Headers` that the engine reads. Names are asked for in lower case. */
export interface EngineHeaders {
  get(name: string): string | null
  /** All of them, for the journal and for templates that show them; absent where the host cannot tell. */
  entries?(): Iterable<readonly [string, string]>
}

/** The part of Fetch's `Request` that the engine reads; a real `Request` fits. */
export interface EngineRequest {
  readonly method: string
  /** A path with its query, or an absolute URL. */
  readonly url: string
  readonly headers: EngineHeaders
  /** Read only when the endpoint needs it. */
  readonly body: AsyncIterable<Uint8Array> | null
  /**
   * Scheme, host and mount path by which the client reached imnot, without a slash at the end: `https://mock.example/acme`.
   * Absent: as an absolute URL says, else plain HTTP on the host of the `Host` header.
   */
  readonly base?: string | undefined
  /** The peer's IP address; absent where the host does not know it. */
  readonly remoteAddress?: string | undefined
  /** The path that a host serves imnot below and has taken off `url`; it stands before every path that imnot generates. */
  readonly mountPath?: string | undefined
  /** The host has parsed the body, and `body` is what was parsed, written anew: the client's own bytes are gone. */
  readonly isRebuilt?: boolean | undefined
}

/** Before the byte at this place it waits so many milliseconds. */
export interface Pause {
  readonly at: number
  readonly ms: number
}

export interface EngineResponse {
  readonly status: number
  /** Names and values by turns, as `node:http` takes them; a `content-length` stands in it where the body is bytes. */
  readonly headers: readonly string[]
  readonly body: Uint8Array | AsyncIterable<Uint8Array> | null
  /** Of bytes that come with pauses, in their order; by the session's clock. What the engine hands out is a stream instead. */
  readonly pauses?: readonly Pause[]
  /** What goes wrong with the connection while this is sent; absent on an answer that arrives. */
  readonly fault?: ConnectionFault
}
