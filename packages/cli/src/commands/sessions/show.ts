import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { describeSession } from './describe-session.ts'

export const defineSessionsShow: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<session>', 'id or label')
    .addHelpText('after', examples('imnot sessions show INT-4211'))
    .action(async (named: string, options: StateOptions) => {
      const session = await withAdmin(terminal, options, (imnot) => imnot.sessions.get(named))
      terminal.out(json(describeSession(session)))
    })
}
