import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { payloadsOf } from './payloads-of.ts'

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
      await withAdmin(terminal, options, async (imnot) => {
        await (await payloadsOf(imnot, options.session)).delete(partner, datapoint)
      })
      const answer = { status: 'ok', partner, datapoint }
      terminal.out(options.json ? json(answer) : `The payload of ${partner}/${datapoint} is deleted.`)
    })
}
