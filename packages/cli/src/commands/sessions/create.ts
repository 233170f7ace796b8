import { adminPath, callJson, jsonRequest } from '../../admin/call.ts'
import type { StateOptions } from '../../admin/open-admin.ts'
import type { SessionJson } from '../../admin/shapes.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

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
      const session = await withAdmin(terminal, options, (api) =>
        callJson<SessionJson>(api, 'POST', adminPath('sessions'), jsonRequest({ label, ttl, isolated })),
      )
      if (options.json) return terminal.out(json(session))
      terminal.out(
        columns([
          ['session', session.session_id],
          ...(session.label === null ? [] : [['label', session.label]]),
          ['header', `X-Imnot-Session: ${session.session_id}`],
          ['base URL', `${session.base_url ?? ''} after the server's address`],
          ['token', session.token ?? ''],
        ]),
      )
    })
}
