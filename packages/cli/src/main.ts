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
    if (error instanceof CommanderError) {
      const exitCode = exitCodeOf(error)
      if (exitCode !== exitCodes.ok) reportJson(argv, terminal, { detail: usageDetail(error) })
      return exitCode
    }
    const { message, exitCode, details } = describeFailure(error)
    terminal.note(message)
    reportJson(argv, terminal, { detail: message, ...details })
    if (terminal.env.DEBUG?.includes('imnot') && error instanceof Error) terminal.note(String(error.stack))
    return exitCode
  }
}

/** Also where the options could not be read: whoever asks for JSON parses what comes. */
function reportJson(argv: readonly string[], terminal: Terminal, fields: Readonly<Record<string, unknown>>): void {
  if (argv.includes('--json')) terminal.out(JSON.stringify({ status: 'error', ...fields }))
}

/** Without a command Commander shows the help and has no sentence. */
function usageDetail({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'Name a command; --help lists them.' : message.replace(/^error: /, '')
}

/** Commander has printed what there was to say. */
function exitCodeOf({ code }: CommanderError): number {
  return ['commander.helpDisplayed', 'commander.version'].includes(code) ? exitCodes.ok : exitCodes.usage
}
