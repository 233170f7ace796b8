import { adminPath, callJson } from '../../admin/call.ts'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

export const defineSessionsDelete: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<session>', 'id or label')
    .addHelpText('after', examples('imnot sessions delete INT-4211'))
    .action(async (session: string, options: StateOptions) => {
      const answer = await withAdmin(terminal, options, (api) =>
        callJson(api, 'DELETE', adminPath('sessions', session)),
      )
      terminal.out(options.json ? json(answer) : `The session ${session} is deleted with everything in it.`)
    })
}
