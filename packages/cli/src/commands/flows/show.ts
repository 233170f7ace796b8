import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { type FlowFilterOptions, flowFilter, withFlowFilter } from './flow-filter.ts'

export const defineFlowsShow: DefineCommand = (command, terminal) => {
  withFlowFilter(withStateOptions(command))
    .argument('<id>', 'the id that the first step gave')
    .addHelpText('after', examples('imnot flows show 0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e'))
    .action(async (id: string, options: FlowFilterOptions) => {
      terminal.out(json(await withAdmin(terminal, options, (imnot) => imnot.flows.get(id, flowFilter(options)))))
    })
}
