import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { describeSession } from './describe-session.ts'

interface CreateOptions extends StateOptions {
  readonly label?: string
  readonly ttl?: string
  readonly isolated?: boolean
}

export const defineSessionsCreate: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--label <label>', 'a name of your own for it, such as the ticket')
    .option('--ttl <duration>', 'how long it lives unused, such as 30m or 7d (default: 7d)')
    .option('--isolated', 'never fall back to global payloads and flows')
    .addHelpText('after', examples('imnot sessions create --label INT-4211', 'imnot sessions create --ttl 2h --json'))
    .action(async (options: CreateOptions) => {
      const { label, ttl, isolated } = options
      const session = await withAdmin(terminal, options, (imnot) => imnot.sessions.create({ label, ttl, isolated }))
      if (options.json) return terminal.out(json(describeSession(session)))
      terminal.out(
        columns([
          ['session', session.id],
          ...(session.label === null ? [] : [['label', session.label]]),
          ['header', `X-Imnot-Session: ${session.id}`],
          ['base URL', session.baseUrl],
          ['token', session.token ?? ''],
        ]),
      )
    })
}
