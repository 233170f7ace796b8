import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { payloadsOf } from './payloads-of.ts'
import { payloadName } from './which-payload.ts'

interface ListOptions extends StateOptions {
  readonly session?: string
}

export const definePayloadList: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--session <session>', 'id or label of the session whose payloads are meant')
    .addHelpText('after', examples('imnot payload list', 'imnot payload list --session INT-4211 --json'))
    .action(async (options: ListOptions) => {
      const payloads = await withAdmin(terminal, options, async (imnot) =>
        (await payloadsOf(imnot, options.session)).list(),
      )
      if (options.json) return terminal.out(json(payloads))
      if (payloads.length === 0)
        return terminal.out('No payload is set; `imnot payload set PARTNER DATAPOINT FILE` sets one.')
      terminal.out(
        columns(
          payloads.map((payload) => [
            payloadName(payload.partner, payload.datapoint, payload.params),
            `${payload.bytes} bytes`,
            payload.content_type,
            payload.status === undefined ? '' : String(payload.status),
            payload.updated_at,
          ]),
        ),
      )
    })
}
