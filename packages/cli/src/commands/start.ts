import type { DefineCommand } from '../command-table.ts'
import { withPatternOption } from '../definitions/configured-patterns.ts'
import { examples } from '../output/examples.ts'
import { type RunOptions, runServer } from '../server/run-server.ts'

interface StartOptions extends RunOptions {
  readonly reload?: boolean
}

export const defineStart: DefineCommand = (command, terminal) => {
  withPatternOption(command)
    .option('--config <file>', 'configuration (default: imnot.yaml here or above)')
    .option('--partners-dir <dir>', 'folder that holds NAME/partner.yaml (default: partners here or above)')
    .option('--host <host>', 'address to listen on (default: 127.0.0.1; any other needs an admin key)')
    .option('--port <port>', 'port, 0 for any that is free (default: 8000)')
    .option('--storage <url>', 'memory:, sqlite:PATH, or a module (default: sqlite:imnot.db)')
    .option('--db <path>', 'short for --storage sqlite:PATH')
    .option('--admin-key <key>', 'key of the admin API (better: IMNOT_ADMIN_KEY)')
    .option('--insecure-admin', 'listen beyond this machine without an admin key')
    .option('--base-url <url>', 'where consumers reach imnot, if not where it listens')
    .option('--watch', 'reload the definitions when their files change')
    .option('--reload', 'the same as --watch')
    .option('--tls-cert <file>', 'certificate in PEM; with it imnot speaks https')
    .option('--tls-key <file>', 'its key in PEM')
    .option('--json', 'one line of JSON once it listens')
    .addHelpText(
      'after',
      examples('imnot start', 'imnot start --port 9000 --watch', 'IMNOT_ADMIN_KEY=… imnot start --host 0.0.0.0'),
    )
    .action(({ reload, ...options }: StartOptions) =>
      runServer(terminal, { ...options, ...(reload ? { watch: true } : {}) }),
    )
}
