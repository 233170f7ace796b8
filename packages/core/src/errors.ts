/**
 * Every failure that imnot names. The code is the contract: guards test it, messages may change.
 */
export type ErrorCode =
  | 'STORAGE_UNAVAILABLE'
  | 'STORAGE_BUSY'
  | 'STORAGE_FULL'
  | 'STORAGE_SCHEMA_NEWER'
  | 'STORAGE_DRIVER_MISSING'
  | 'STORAGE_CLOSED'
  | 'STORAGE_CORRUPT'
  | 'ENCRYPTION_KEY_INVALID'
  | 'ENCRYPTION_KEY_MISSING'
  | 'DEFINITION_INVALID'
  | 'PATTERN_INVALID'
  | 'CONFIG_INVALID'
  | 'USAGE_INVALID'
  | 'ADMIN_KEY_REQUIRED'
  | 'ADMIN_KEY_WEAK'
  | 'EGRESS_DENIED'
  | 'SIGNING_FAILED'
  | 'BODY_TOO_LARGE'
  | 'BODY_READ_BY_HOST'
  | 'REQUEST_ABORTED'
  | 'ADDRESS_IN_USE'
  | 'REFUSED'
  | 'REQUEST_INVALID'
  | 'NOT_ALLOWED'
  | 'NOT_FOUND'
  | 'CONFLICT'
  | 'VERIFICATION_FAILED'
  | 'SERVER_UNREACHABLE'
  | 'ANSWER_UNEXPECTED'

export interface ImnotErrorOptions {
  readonly cause?: unknown
}

/** An error with a stable `code` and one sentence that says what was expected, what was found and what to do. */
export class ImnotError extends Error {
  override readonly name = 'ImnotError'
  readonly code: ErrorCode

  constructor(code: ErrorCode, message: string, options: ImnotErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
  }
}

/** Tests the code, not the class: two copies of this package may be loaded in one process. */
export function isImnotError(error: unknown, code?: ErrorCode): error is ImnotError {
  return (
    error instanceof Error &&
    error.name === 'ImnotError' &&
    'code' in error &&
    (code === undefined || error.code === code)
  )
}
