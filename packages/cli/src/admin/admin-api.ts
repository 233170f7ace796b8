import type { Buffer } from 'node:buffer'

/** The admin API, wherever it is: in this process over the configured storage, or at a server. */
export interface AdminApi {
  /** `path` with its query. Resolves with any answer; rejects where none can be had. */
  request(method: string, path: string, request?: AdminApiRequest): Promise<AdminApiResponse>
  close(): Promise<void>
}

export interface AdminApiRequest {
  readonly body?: Uint8Array
  /** Names in lower case. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface AdminApiResponse {
  readonly status: number
  readonly body: Buffer
}
