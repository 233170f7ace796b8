import type { DefineCommand } from '../command-table.ts'
import { definePayloadDelete } from './payload/delete.ts'
import { definePayloadGet } from './payload/get.ts'
import { definePayloadList } from './payload/list.ts'
import { definePayloadSet } from './payload/set.ts'

export const definePayload: DefineCommand = (command, terminal) => {
  definePayloadSet(command.command('set').description('upload a payload; it is served at once'), terminal)
  definePayloadGet(command.command('get').description('show a payload, or give its bytes back'), terminal)
  definePayloadList(command.command('list').description('the payloads that are set'), terminal)
  definePayloadDelete(command.command('delete').description('remove a payload'), terminal)
}
