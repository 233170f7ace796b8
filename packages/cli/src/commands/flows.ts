import type { DefineCommand } from '../command-table.ts'
import { defineFlowsList } from './flows/list.ts'
import { defineFlowsShow } from './flows/show.ts'

export const defineFlows: DefineCommand = (command, terminal) => {
  defineFlowsList(command.command('list').description('flows, newest first'), terminal)
  defineFlowsShow(command.command('show').description('one flow, by its id'), terminal)
}
