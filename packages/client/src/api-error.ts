/** Why a call failed. The code is the contract: messages may change. */
export type ApiErrorCode =
  /** 400: a wrong value, or a payload that is not well formed. */
  | 'REQUEST_INVALID'
  /** 401, 403, 421: without the key that it needs, or with a session's token where the admin key is needed. */
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  /** 409: the name is taken, or an id alone says too little. */
  | 'CONFLICT'
  /** 413. */
  | 'BODY_TOO_LARGE'
  /** 417: requests did not come as `verify` expects; `details.nearest` holds those that came near. */
  | 'VERIFICATION_FAILED'
  /** 422: `details.diagnostics` holds each fault of the definition. */
  | 'DEFINITION_INVALID'
  /** 503: try again. */
  | 'STORAGE_UNAVAILABLE'
  /** 507. */
  | 'STORAGE_FULL'
  /** Any other refusal. */
  | 'REFUSED'
  /** No answer came. */
  | 'SERVER_UNREACHABLE'
  /** What answered is no imnot. */
  | 'ANSWER_UNEXPECTED'
  /** An option of the client itself is wrong. */
  | 'CONFIG_INVALID'

export interface ApiErrorOptions {
  readonly status?: number | undefined
  readonly details?: Readonly<Record<string, unknown>> | undefined
  readonly cause?: unknown
}

/** A refusal of the admin API, with its own sentence, or the want of an answer. To `isImnotError` it is an `ImnotError`. */
export class ApiError extends Error {
  override readonly name = 'ImnotError'
  readonly code: ApiErrorCode
  /** Of the answer; null where there was none. */
  readonly status: number | null
  /** What the refusal says beside its sentence. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(code: ApiErrorCode, message: string, { status, details = {}, cause }: ApiErrorOptions = {}) {
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.status = status ?? null
    this.details = details
  }
}

/** Tests the code, not the class: two copies of this package may be loaded in one process. */
export function isApiError(error: unknown, code?: ApiErrorCode): error is ApiError {
  return (
    error instanceof Error &&
    error.name === 'ImnotError' &&
    'code' in error &&
    'status' in error &&
    (code === undefined || error.code === code)
  )
}
