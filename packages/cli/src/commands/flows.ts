import type { DefineCommand } from '../command-table.ts'
import { defineFlowsList } from './flows/list.ts'
import { defineFlowsShow } from './flows/show.ts'
import { defineFlowsSteer } from './flows/steer.ts'

export const defineFlows: DefineCommand = (command, terminal) => {
  defineFlowsList(command.command('list').description('flows, newest first'), terminal)
  defineFlowsShow(command.command('show').description('one flow, by its id'), terminal)
  defineFlowsSteer(command.command('complete').description('run one flow on to its end'), terminal, 'complete')
  defineFlowsSteer(command.command('hold').description('keep one flow where it is'), terminal, 'hold')
  defineFlowsSteer(command.command('fail').description('refuse every request for one flow'), terminal, 'fail')
}
