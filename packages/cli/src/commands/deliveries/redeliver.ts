import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

interface RedeliverOptions extends StateOptions {
  readonly current?: boolean
}

export const defineDeliveriesRedeliver: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<id>', 'the request_id that the consumer got')
    .option('--current', 'send the payload of now instead of the bytes of before')
    .addHelpText('after', examples('imnot deliveries redeliver 0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e --current'))
    .action(async (id: string, options: RedeliverOptions) => {
      const payload = options.current ? 'current' : 'same'
      const answer = await withAdmin(terminal, options, (imnot) => imnot.deliveries.redeliver(id, { payload }))
      terminal.out(
        options.json ? json(answer) : `The callback ${id} is owed again; a running server sends it within a second.`,
      )
    })
}
