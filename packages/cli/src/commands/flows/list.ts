import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { columns } from '../../output/columns.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { type FlowFilterOptions, flowFilter, withFlowFilter } from './flow-filter.ts'

export const defineFlowsList: DefineCommand = (command, terminal) => {
  withFlowFilter(withStateOptions(command))
    .addHelpText('after', examples('imnot flows list', 'imnot flows list --partner staylink --session INT-4211'))
    .action(async (options: FlowFilterOptions) => {
      const flows = await withAdmin(terminal, options, (imnot) => imnot.flows.list(flowFilter(options)))
      if (options.json) return terminal.out(json(flows))
      if (flows.length === 0) return terminal.out('There is no flow; a consumer starts one with the first step.')
      terminal.out(
        columns(
          flows.map((flow) => [
            flow.id,
            `${flow.partner}/${flow.datapoint}`,
            `steps done: ${flow.steps_done.join(', ')}`,
            flow.session_id ?? '-',
            flow.updated_at,
          ]),
        ),
      )
    })
}
