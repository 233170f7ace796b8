import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

export const defineSessionsDelete: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<session>', 'id or label')
    .addHelpText('after', examples('imnot sessions delete INT-4211'))
    .action(async (named: string, options: StateOptions) => {
      const session_id = await withAdmin(terminal, options, async (imnot) => {
        const session = await imnot.sessions.get(named)
        await session.delete()
        return session.id
      })
      terminal.out(
        options.json ? json({ status: 'ok', session_id }) : `The session ${named} is deleted with everything in it.`,
      )
    })
}
