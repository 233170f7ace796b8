import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

export const defineSessionsList: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .addHelpText('after', examples('imnot sessions list', 'imnot sessions list --json'))
    .action(async (options: StateOptions) => {
      const sessions = await withAdmin(terminal, options, (imnot) => imnot.sessions.list())
      if (options.json) return terminal.out(json(sessions))
      if (sessions.length === 0) return terminal.out('There is no session; `imnot sessions create` makes one.')
      terminal.out(
        columns(
          sessions.map((session) => [
            session.session_id,
            session.label ?? '-',
            session.payloads.length === 1 ? '1 payload' : `${session.payloads.length} payloads`,
            `expires ${session.expires_at}`,
          ]),
        ),
      )
    })
}
