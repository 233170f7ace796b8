import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { payloadsOf } from './payloads-of.ts'
import { paramsOf, payloadName, type WhichOptions, withWhichOptions } from './which-payload.ts'

type DeleteOptions = StateOptions & WhichOptions

export const definePayloadDelete: DefineCommand = (command, terminal) => {
  withWhichOptions(withStateOptions(command))
    .argument('<partner>')
    .argument('<datapoint>')
    .addHelpText(
      'after',
      examples('imnot payload delete staylink reservation', 'imnot payload delete bookingco charges --id RES-1'),
    )
    .action(async (partner: string, datapoint: string, options: DeleteOptions) => {
      const params = paramsOf(options)
      await withAdmin(terminal, options, async (imnot) => {
        await (await payloadsOf(imnot, options.session)).delete(partner, datapoint, { params })
      })
      const answer = { status: 'ok', partner, datapoint }
      terminal.out(
        options.json ? json(answer) : `The payload of ${payloadName(partner, datapoint, params)} is deleted.`,
      )
    })
}
