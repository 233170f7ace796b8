import { adminPath, callJson } from '../../admin/call.ts'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

interface DeleteOptions extends StateOptions {
  readonly session?: string
}

export const definePayloadDelete: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<partner>')
    .argument('<datapoint>')
    .option('--session <session>', 'id or label of the session whose payload is meant')
    .addHelpText('after', examples('imnot payload delete staylink reservation'))
    .action(async (partner: string, datapoint: string, options: DeleteOptions) => {
      const headers: Record<string, string> =
        options.session === undefined ? {} : { 'x-imnot-session': options.session }
      const answer = await withAdmin(terminal, options, (api) =>
        callJson(api, 'DELETE', adminPath(partner, datapoint, 'payload'), { headers }),
      )
      terminal.out(options.json ? json(answer) : `The payload of ${partner}/${datapoint} is deleted.`)
    })
}
