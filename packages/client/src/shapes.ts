/** The admin API's own JSON, member for member: what its OpenAPI document describes. Times are ISO 8601 in UTC. */

/** The OpenAPI 3.1 document of the admin API, as far as it is typed here. */
export interface OpenApiDocument {
  readonly openapi: string
  readonly info: { readonly title: string; readonly version: string }
  /** By path, then by method in lower case. */
  readonly paths: Readonly<Record<string, Readonly<Record<string, { readonly summary: string }>>>>
}

export interface PartnerInfo {
  readonly partner: string
  readonly description: string
  /** `registered` came over the admin API, `file` from this node's files. */
  readonly source: 'file' | 'registered'
  /** Null for a registered one. */
  readonly file: string | null
  /** A file of the same name is there and hidden by this one. */
  readonly shadows_file: boolean
  readonly datapoints: readonly DatapointInfo[]
}

export interface DatapointInfo {
  readonly name: string
  readonly description: string
  readonly pattern: string
  readonly endpoints: readonly EndpointInfo[]
}

export interface EndpointInfo {
  readonly method: string
  readonly path: string
  /** Null outside a flow. */
  readonly step: number | null
}

export interface RegisteredPartner {
  readonly partner: string
  /** False where it took the place of another. */
  readonly created: boolean
  /** `GET /acme/status` and the like. */
  readonly routes_added: readonly string[]
}

export interface ReloadInfo {
  /** `partial` where something failed. */
  readonly status: 'ok' | 'partial'
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  readonly failed: readonly FailedFile[]
}

export interface FailedFile {
  readonly file: string
  readonly partner: string | null
  /** One sentence each, with `file:line:col`. */
  readonly diagnostics: readonly string[]
}

export interface SessionInfo {
  readonly session_id: string
  readonly label: string | null
  readonly payloads: readonly PayloadName[]
  readonly isolated: boolean
  /** Credentials that lead to it; an API key only by its first characters. */
  readonly bindings: readonly BindingInfo[]
  readonly created_at: string
  readonly last_used: string
  readonly expires_at: string
}

export interface PayloadName {
  readonly partner: string
  readonly datapoint: string
  /** The values of path parameters that it is for; absent for the general one. */
  readonly params?: Readonly<Record<string, string>>
}

export interface BindingInfo {
  readonly kind: 'client_id' | 'api_key' | 'basic' | 'host'
  readonly value: string
}

export interface PayloadInfo {
  readonly partner: string
  readonly datapoint: string
  /** Null for a global payload. */
  readonly session_id: string | null
  readonly content_type: string
  readonly bytes: number
  /** Of the bytes, in lower-case hexadecimal. */
  readonly sha256: string
  readonly updated_at: string
  /** The values of path parameters that it is for; absent for the general one. */
  readonly params?: Readonly<Record<string, string>>
  /** Of the answers with it, where it has its own. */
  readonly status?: number
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

/** A payload to look at. For its exact bytes ask for the payload itself. */
export interface PayloadView {
  /** JSON parsed, text as a string, all else in base64. */
  readonly payload: unknown
  readonly encoding?: 'base64'
  readonly content_type: string
  readonly bytes: number
  readonly sha256: string
  readonly updated_at: string
  readonly params?: Readonly<Record<string, string>>
  readonly status?: number
  readonly headers?: readonly (readonly [name: string, value: string])[]
}

export interface ClockInfo {
  /** Null for the global clock. */
  readonly session_id: string | null
  readonly now: string
  readonly frozen: boolean
  /** How far it is from the time of day. */
  readonly offset_ms: number
  /** Only after it was advanced: how much was applied on the way. */
  readonly applied?: number
}

export interface RequestList {
  readonly requests: readonly RequestInfo[]
  /** How many more came than could be written down. */
  readonly dropped: number
}

/** One request that a consumer made, and what answered it. */
export interface RequestInfo {
  readonly id: string
  readonly at: string
  readonly duration_ms: number
  readonly method: string
  /** Path and query; secrets in it are hashes. */
  readonly url: string
  /** Null where no route matched; so for the next three. */
  readonly partner: string | null
  readonly datapoint: string | null
  /** The route's path as it is declared. */
  readonly endpoint: string | null
  readonly step: number | null
  readonly flow_id: string | null
  readonly session_id: string | null
  /** Which rule chose the session. */
  readonly session_by: string | null
  readonly status: number
  /** What refused it: `no_route`, `out_of_order`, …; null where nothing did. */
  readonly refused_by: string | null
  readonly request: MessageInfo
  readonly response: MessageInfo
  /** What was still to come after the answer: the final one of the step, or further pages. */
  readonly unfinished?: 'interim' | 'page'
  /** Of an unmatched request: the nearest routes, and why each is not the one. */
  readonly nearest?: readonly NearestRoute[]
}

export interface MessageInfo {
  /** Names and values; secrets are hashes, equal ones alike. */
  readonly headers: readonly (readonly [string, string])[]
  /** Null where there was none, or nobody read it. */
  readonly body: BodyInfo | null
}

export interface BodyInfo {
  readonly text?: string
  /** In the place of `text` where the bytes are none. */
  readonly base64?: string
  /** Of all of it. */
  readonly bytes: number
  /** Whether only its beginning is told. */
  readonly truncated: boolean
}

/** How a consumer has behaved. */
export interface ConductReport {
  /** Null: of every session and of what is in none. */
  readonly session_id: string | null
  /** `incomplete`: nothing was found, but some requests were not written down, so that nobody can tell. */
  readonly verdict: 'ok' | 'violated' | 'incomplete'
  readonly requests: number
  /** Requests that came too fast to be written down. */
  readonly dropped: number
  readonly rules: readonly JudgedRule[]
}

export interface JudgedRule {
  /** `retry-after` and the like. */
  readonly rule: string
  /** In one sentence what is expected. */
  readonly expects: string
  readonly verdict: 'ok' | 'violated' | 'no_occasion'
  /** How often the consumer could have done wrong. */
  readonly occasions: number
  readonly findings: readonly ConductFinding[]
}

export interface ConductFinding {
  readonly detail: string
  /** Ids of the requests that show it. */
  readonly requests: readonly string[]
  /** Ids of the callbacks that show it. */
  readonly deliveries: readonly string[]
}

export interface NearestRoute {
  readonly partner: string
  readonly datapoint: string
  readonly method: string
  readonly path: string
  readonly reason: string
}

export interface FlowInfo {
  /** As the first step gave it. */
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  /** Null in the global scope. */
  readonly session_id: string | null
  /** Steps that have given their final answer, in rising order. */
  readonly steps_done: readonly number[]
  readonly polls: number
  /** Null where the datapoint declares none. */
  readonly state: string | null
  /** What a tester has made of it; null: nothing. */
  readonly steered: 'complete' | 'hold' | 'fail' | null
  readonly created_at: string
  readonly updated_at: string
}

export interface DeliveryInfo {
  /** The `request_id` that the consumer got. */
  readonly id: string
  readonly partner: string
  readonly datapoint: string
  readonly session_id: string | null
  /** Of the flow that it was owed for; null where it was for none. */
  readonly flow_id: string | null
  readonly method: string
  readonly url: string
  readonly content_type: string | null
  readonly status: 'pending' | 'delivered' | 'dead'
  /** Attempts that may still fail before it is dead. */
  readonly attempts_left: number
  /** The scheme of `sign`; null where it is not signed. */
  readonly signed_with: string | null
  readonly attempts: readonly AttemptInfo[]
  readonly created_at: string
  /** Null when no further attempt will be made. */
  readonly next_attempt_at: string | null
}

export interface AttemptInfo {
  readonly at: string
  readonly duration_ms: number
  /** Of the receiver; null where there was no answer. */
  readonly status: number | null
  /** Why it failed, in one sentence; null where it did not. */
  readonly error: string | null
  readonly code: string | null
}
