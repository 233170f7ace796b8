import { isImnotError } from '@imnot/core'
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
  if (isImnotError(error)) {
    const exitCode = refusedConfigurations.includes(error.code) ? exitCodes.configuration : exitCodes.failure
    return { message: error.message, exitCode, details: { code: error.code } }
  }
  const message = error instanceof Error ? error.message : String(error)
  return { message, exitCode: exitCodes.failure, details: {} }
}

const refusedConfigurations: readonly string[] = [
  'CONFIG_INVALID',
  'ADMIN_KEY_REQUIRED',
  'ADMIN_KEY_WEAK',
  'ENCRYPTION_KEY_INVALID',
]
