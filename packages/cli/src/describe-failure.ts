import { isApiError } from '@imnot/client'
import { type ErrorCode, isImnotError } from '@imnot/core'
import { CommandFailure } from './command-failure.ts'
import { exitCodes } from './exit-codes.ts'

export interface DescribedFailure {
  readonly message: string
  readonly exitCode: number
  readonly details: Readonly<Record<string, unknown>>
}

/** What any thrown value means for the person at the terminal. */
export function describeFailure(error: unknown): DescribedFailure {
  if (error instanceof CommandFailure) {
    return { message: error.message, exitCode: error.exitCode, details: error.details }
  }
  if (isApiError(error) && error.status !== null) {
    return {
      message: error.message,
      exitCode: exitCodes.failure,
      details: { code: error.code, http_status: error.status },
    }
  }
  if (isImnotError(error)) {
    return { message: error.message, exitCode: codes[error.code] ?? exitCodes.failure, details: { code: error.code } }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { message, exitCode: exitCodes.failure, details: {} }
}

const codes: Readonly<Partial<Record<ErrorCode, number>>> = {
  USAGE_INVALID: exitCodes.usage,
  PATTERN_INVALID: exitCodes.configuration,
  CONFIG_INVALID: exitCodes.configuration,
  ADMIN_KEY_REQUIRED: exitCodes.configuration,
  ADMIN_KEY_WEAK: exitCodes.configuration,
  ENCRYPTION_KEY_INVALID: exitCodes.configuration,
}
