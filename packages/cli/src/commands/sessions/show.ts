import { adminPath, callJson } from '../../admin/call.ts'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

export const defineSessionsShow: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<session>', 'id or label')
    .addHelpText('after', examples('imnot sessions show INT-4211'))
    .action(async (session: string, options: StateOptions) => {
      terminal.out(
        json(await withAdmin(terminal, options, (api) => callJson(api, 'GET', adminPath('sessions', session)))),
      )
    })
}
