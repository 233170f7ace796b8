import type { DefineCommand } from '../command-table.ts'
import { defineSessionsClear } from './sessions/clear.ts'
import { defineSessionsCreate } from './sessions/create.ts'
import { defineSessionsDelete } from './sessions/delete.ts'
import { defineSessionsExport } from './sessions/export.ts'
import { defineSessionsImport } from './sessions/import.ts'
import { defineSessionsList } from './sessions/list.ts'
import { defineSessionsShow } from './sessions/show.ts'

export const defineSessions: DefineCommand = (command, terminal) => {
  defineSessionsList(command.command('list').description('sessions, newest first'), terminal)
  defineSessionsCreate(command.command('create').description('make a session'), terminal)
  defineSessionsShow(command.command('show').description('one session, by id or label'), terminal)
  defineSessionsExport(command.command('export').description('write a session as one file'), terminal)
  defineSessionsImport(command.command('import').description('make a session of an exported one'), terminal)
  defineSessionsDelete(command.command('delete').description('delete a session with everything in it'), terminal)
  defineSessionsClear(command.command('clear').description('delete all sessions'), terminal)
}
