import { CommanderError } from 'commander'
import { describeFailure } from './describe-failure.ts'
import { exitCodes } from './exit-codes.ts'
import type { Terminal } from './output/terminal.ts'
import { createProgram } from './program.ts'

/**
 * Runs one command and resolves to its exit code. Never rejects.
 *
 * @example
 * process.exitCode = await main(['validate', 'partners'], terminal)
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const program = await createProgram(argv, terminal)
    await program.parseAsync([...argv], { from: 'user' })
    return exitCodes.ok
  } catch (error) {
    if (error instanceof CommanderError) return exitCodeOf(error)
    const { message, exitCode, details } = describeFailure(error)
    terminal.note(message)
    if (argv.includes('--json')) terminal.out(JSON.stringify({ status: 'error', detail: message, ...details }))
    if (terminal.env.DEBUG?.includes('imnot') && error instanceof Error) terminal.note(String(error.stack))
    return exitCode
  }
}

/** Commander has printed what there was to say. */
function exitCodeOf({ code }: CommanderError): number {
  return ['commander.helpDisplayed', 'commander.version'].includes(code) ? exitCodes.ok : exitCodes.usage
}
