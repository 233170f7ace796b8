import { exitCodes } from './exit-codes.ts'

/** Ends a command with a sentence for the person who ran it. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'
  readonly exitCode: number
  /** What `--json` shows beside the sentence. */
  readonly details: Readonly<Record<string, unknown>>

  constructor(message: string, exitCode: number = exitCodes.failure, details: Readonly<Record<string, unknown>> = {}) {
    super(message)
    this.exitCode = exitCode
    this.details = details
  }
}
