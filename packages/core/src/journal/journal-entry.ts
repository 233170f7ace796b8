import type { JsonValue } from '../ports/storage.ts'
import type { SessionRule } from '../sessions/session-rule.ts'

/** One request that was received, and what answered it. */
export type JournalFacts = {
  readonly id: string
  /** Wall-clock time at which it came. */
  readonly at: number
  readonly durationMs: number
  readonly method: string
  /** Path and query, secrets in it hashed. */
  readonly url: string
  /** Null where no route matched; so for the next four. */
  readonly partner: string | null
  readonly datapoint: string | null
  /** The route's path as it is declared. */
  readonly endpoint: string | null
  /** Of the path. */
  readonly params: Readonly<Record<string, string>>
  readonly step: number | null
  readonly flow: string | null
  readonly session: string | null
  /** Which rule chose the session; null in the global scope. */
  readonly sessionBy: SessionRule | null
  readonly status: number
  /** What refused it: `no_route`, `no_session`, `body_limit`, `out_of_order`, …; null where nothing did. */
  readonly refusedBy: string | null
  /** Names and values, secrets hashed. */
  readonly requestHeaders: readonly (readonly [string, string])[]
  readonly responseHeaders: readonly (readonly [string, string])[]
  /** Length of the whole body; null where nobody has read it, or it was streamed. */
  readonly requestBytes: number | null
  readonly responseBytes: number | null
  /** Of an unmatched request: the nearest routes, and why each is not the one. */
  readonly nearest: readonly JsonValue[] | null
  /** The time of its session, or of the global scope, when it was answered; null where nobody had to know it. */
  readonly sessionTime: number | null
  /** What was still to come after the answer: the final one of its flow's step, or further pages. */
  readonly unfinished: Unfinished | null
  /** What went wrong with the connection, as the endpoint declares it: the client did not get this answer. */
  readonly fault: string | null
}

export type Unfinished = 'interim' | 'page'

/** The bodies are what came and went, up to the journal's limit. */
export interface JournalEntry {
  readonly facts: JournalFacts
  readonly requestBody: Uint8Array
  readonly responseBody: Uint8Array
}

/** What is written of a scope at once. Its value tells nothing of a consumer. */
export type ChunkValue = {
  readonly count: number
  /** Requests that came and were not written down. */
  readonly dropped: number
  /** Of the packed entries. */
  readonly bytes: number
  readonly from: number
  readonly to: number
}

/** Bounds of the journal. */
export interface JournalLimits {
  /** Entries kept of each session, and of what is in none. @default 10000 */
  readonly entries: number
  /** Bytes kept of each session, and of what is in none. @default 64 MiB */
  readonly bytes: number
  /** Milliseconds after which an entry is forgotten. @default 7 days */
  readonly ageMs: number
  /** Bytes kept of each body. @default 16 KiB */
  readonly bodyBytes: number
}

export const journalLimits: JournalLimits = {
  entries: 10_000,
  bytes: 64 * 1_048_576,
  ageMs: 7 * 24 * 3_600_000,
  bodyBytes: 16_384,
}
