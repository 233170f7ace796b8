import type { Command } from 'commander'
import type { Terminal } from '../output/terminal.ts'
import type { AdminApi } from './admin-api.ts'
import { openAdmin, type StateOptions } from './open-admin.ts'

/** Gives a command the options that say whose state it works on. */
export function withStateOptions(command: Command): Command {
  return command
    .option('--url <url>', 'work on the server at this address instead of the configured storage')
    .option('--admin-key <key>', 'key of that server (better: IMNOT_ADMIN_KEY)')
    .option('--storage <url>', 'storage: sqlite:PATH, or a module')
    .option('--db <path>', 'short for --storage sqlite:PATH')
    .option('--config <file>', 'configuration (default: imnot.yaml here or above)')
    .option('--partners-dir <dir>', 'folder of the partners')
    .option('--json', 'answer in JSON')
}

/** Opens the admin API that the options name, and closes it whatever happens. */
export async function withAdmin<T>(
  terminal: Terminal,
  options: StateOptions,
  work: (api: AdminApi) => Promise<T>,
): Promise<T> {
  const api = await openAdmin(terminal, options)
  try {
    return await work(api)
  } finally {
    await api.close()
  }
}
