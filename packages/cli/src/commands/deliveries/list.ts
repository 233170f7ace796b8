import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

interface ListOptions extends StateOptions {
  readonly session?: string
}

export const defineDeliveriesList: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--session <session>', 'only callbacks of this session, by id or label')
    .addHelpText('after', examples('imnot deliveries list', 'imnot deliveries list --json'))
    .action(async (options: ListOptions) => {
      const { session } = options
      const deliveries = await withAdmin(terminal, options, (imnot) => imnot.deliveries.list({ session }))
      if (options.json) return terminal.out(json(deliveries))
      if (deliveries.length === 0) return terminal.out('No callback was owed yet.')
      terminal.out(
        columns(
          deliveries.map((delivery) => [
            delivery.id,
            `${delivery.partner}/${delivery.datapoint}`,
            delivery.status,
            delivery.attempts.length === 1 ? '1 attempt' : `${delivery.attempts.length} attempts`,
            delivery.url,
          ]),
        ),
      )
    })
}
