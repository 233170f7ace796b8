import type { EngineRequest, EngineResponse } from '../http/messages.ts'

/** One address of the admin API: what the router serves, what `imnot routes` lists and what the OpenAPI document describes. */
export interface AdminRoute {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** In the language's own syntax: `/imnot/admin/sessions/{session_id}`. */
  readonly path: string
  readonly summary: string
  /**
   * Who may call it: `public` everybody; `session` the admin, and whoever holds the token of the session concerned; `admin` the
   * admin alone.
   */
  readonly access: 'public' | 'session' | 'admin'
  /** Names of the query parameters, with what each means. Any other is refused. */
  readonly query?: Readonly<Record<string, string>>
  /** What every other query parameter means, where the route itself refuses those that are wrong. */
  readonly otherQuery?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Media type and meaning of the request's body. */
  readonly body?: { readonly type: string; readonly summary: string; readonly optional?: boolean }
  /** Statuses that it answers with, and what each means. */
  readonly answers: Readonly<Record<string, string>>
  handle(request: AdminRequest): EngineResponse | Promise<EngineResponse>
}

/** A request that has passed the guard. */
export interface AdminRequest {
  readonly request: EngineRequest
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  /** The session whose token was shown; null for the admin. */
  readonly tokenSession: string | null
}
