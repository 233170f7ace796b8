import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

export const defineDeliveriesShow: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<id>', 'the request_id that the consumer got')
    .addHelpText('after', examples('imnot deliveries show 0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e'))
    .action(async (id: string, options: StateOptions) => {
      terminal.out(json(await withAdmin(terminal, options, (imnot) => imnot.deliveries.get(id))))
    })
}
