import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { payloadsOf } from './payloads-of.ts'
import { paramsOf, type WhichOptions, withWhichOptions } from './which-payload.ts'

interface GetOptions extends StateOptions, WhichOptions {
  readonly raw?: boolean
}

export const definePayloadGet: DefineCommand = (command, terminal) => {
  withWhichOptions(withStateOptions(command))
    .argument('<partner>')
    .argument('<datapoint>')
    .option('--raw', 'the bytes as they were uploaded, and nothing else')
    .addHelpText(
      'after',
      examples(
        'imnot payload get staylink reservation',
        'imnot payload get staylink reservation --session INT-4211 --raw > reservation.json',
        'imnot payload get bookingco charges --id RES-1',
      ),
    )
    .action(async (partner: string, datapoint: string, options: GetOptions) => {
      const params = paramsOf(options)
      const result = await withAdmin(terminal, options, async (imnot) => {
        const payloads = await payloadsOf(imnot, options.session)
        return options.raw
          ? (await payloads.get(partner, datapoint, { params })).body
          : json(await payloads.inspect(partner, datapoint, { params }))
      })
      terminal.out(result)
    })
}
