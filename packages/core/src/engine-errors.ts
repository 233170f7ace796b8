import { type ErrorCode, isImnotError } from './errors.ts'
import type { EngineResponse } from './http/messages.ts'
import { refuse } from './http/respond.ts'
import type { Logger } from './ports/logger.ts'

/** Failures that are no fault of the program, and the status that each is answered with. */
const statuses: Partial<Record<ErrorCode, number>> = {
  BODY_TOO_LARGE: 413,
  BODY_READ_BY_HOST: 409,
  STORAGE_UNAVAILABLE: 503,
  STORAGE_BUSY: 503,
  STORAGE_CLOSED: 503,
  STORAGE_FULL: 507,
  STORAGE_CORRUPT: 500,
  ENCRYPTION_KEY_MISSING: 500,
}

/** Every failure becomes an answer in one sentence; none shows its stack. */
export function answerError(error: unknown, logger: Logger): EngineResponse {
  const status = isImnotError(error) ? statuses[error.code] : undefined
  if (isImnotError(error) && status !== undefined) {
    if (status >= 500)
      logger.warn('A request failed for want of the storage', { code: error.code, error: error.message })
    return refuse(status, error.message, {}, status === 503 ? ['retry-after', '1'] : [])
  }
  logger.error('A request failed by a mistake in imnot', {
    error: error instanceof Error ? (error.stack ?? error.message) : String(error),
  })
  return refuse(500, 'imnot made a mistake with this request; its log says which. Please report it.')
}
