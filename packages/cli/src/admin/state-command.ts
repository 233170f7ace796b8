import type { ImnotApi } from '@imnot/client'
import type { Command } from 'commander'
import { withPatternOption } from '../definitions/configured-patterns.ts'
import type { Terminal } from '../output/terminal.ts'
import { openAdmin, type StateOptions } from './open-admin.ts'

/** Gives a command the options that say whose state it works on. */
export function withStateOptions(command: Command): Command {
  return withPatternOption(command)
    .option('--url <url>', 'work on the server at this address instead of the configured storage')
    .option('--admin-key <key>', 'key of that server (better: IMNOT_ADMIN_KEY)')
    .option('--storage <url>', 'storage: sqlite:PATH, or a module')
    .option('--db <path>', 'short for --storage sqlite:PATH')
    .option('--config <file>', 'configuration (default: imnot.yaml here or above)')
    .option('--partners-dir <dir>', 'folder of the partners')
    .option('--json', 'answer in JSON')
}

/** Opens the imnot that the options name, and closes it whatever happens. */
export async function withAdmin<T>(
  terminal: Terminal,
  options: StateOptions,
  work: (imnot: ImnotApi) => Promise<T>,
): Promise<T> {
  const { imnot, close } = await openAdmin(terminal, options)
  try {
    return await work(imnot)
  } finally {
    await close()
  }
}
