import { version } from '@imnot/core'
import { Command } from 'commander'
import { commandTable } from './command-table.ts'
import type { Terminal } from './output/terminal.ts'

/**
 * The command line. Only the command that `argv` names is loaded with its options: the others are a line of the help each, so
 * that `imnot --version` loads none.
 */
export async function createProgram(argv: readonly string[], terminal: Terminal): Promise<Command> {
  const program = new Command('imnot')
    .description(
      'A mock server for external partner APIs: stateful flows, payloads byte for byte, a session for each tester.',
    )
    .version(version, '-V, --version')
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: (text) => terminal.out(text.trimEnd()),
      writeErr: (text) => terminal.note(text.trimEnd()),
    })
    .showHelpAfterError('(--help shows what there is)')
    .exitOverride()
    .addHelpText('after', '\nBegin with `imnot init`, then `imnot start`. `imnot COMMAND --help` has examples.')
  const named = argv.find((word) => !word.startsWith('-') && word !== 'help')
  for (const { name, summary, load } of commandTable) {
    // Made by the program, and so with its settings.
    const command = program.command(name).description(summary)
    if (name === named) {
      const define = await load()
      define(command, terminal)
    }
  }
  return program
}
