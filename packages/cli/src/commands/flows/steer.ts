import type { Command } from 'commander'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import type { Terminal } from '../../output/terminal.ts'
import { type FlowFilterOptions, flowFilter, withFlowFilter } from './flow-filter.ts'

type How = 'complete' | 'hold' | 'fail'

const done: Readonly<Record<How, string>> = {
  complete: 'is complete',
  hold: 'stays where it is, until it is completed',
  fail: 'fails: every request for it is refused, until it is completed',
}

export function defineFlowsSteer(command: Command, terminal: Terminal, how: How): void {
  withFlowFilter(withStateOptions(command))
    .argument('<id>', 'the id that the first step gave')
    .addHelpText('after', examples(`imnot flows ${how} 0f3c6a52-6a0e-4a53-9d1a-0d0f4b1f6f4e`))
    .action(async (id: string, options: FlowFilterOptions) => {
      const flow = await withAdmin(terminal, options, (imnot) => imnot.flows[how](id, flowFilter(options)))
      const state = flow.state === null ? '' : ` (${flow.state})`
      terminal.out(
        options.json ? json(flow) : `Flow ${flow.id} of ${flow.partner}/${flow.datapoint} ${done[how]}${state}.`,
      )
    })
}
