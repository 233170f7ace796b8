import type { DefineCommand } from '../command-table.ts'
import { defineDeliveriesList } from './deliveries/list.ts'
import { defineDeliveriesRedeliver } from './deliveries/redeliver.ts'
import { defineDeliveriesShow } from './deliveries/show.ts'

export const defineDeliveries: DefineCommand = (command, terminal) => {
  defineDeliveriesList(command.command('list').description('callbacks that were owed, newest first'), terminal)
  defineDeliveriesShow(command.command('show').description('one callback, with every attempt'), terminal)
  defineDeliveriesRedeliver(command.command('redeliver').description('send a callback again'), terminal)
}
