import type { DefineCommand } from '../command-table.ts'
import { defineStorageCopy } from './storage/copy.ts'
import { defineStorageRewrite } from './storage/rewrite.ts'

export const defineStorage: DefineCommand = (command, terminal) => {
  defineStorageCopy(command.command('copy').description('copy everything from one storage into an empty one'), terminal)
  defineStorageRewrite(
    command.command('rewrite').description('encrypt everything stored with the current IMNOT_ENCRYPTION_KEY'),
    terminal,
  )
}
