import type { DefineCommand } from '../command-table.ts'
import { defineExportPostman } from './export/postman.ts'

export const defineExport: DefineCommand = (command, terminal) => {
  defineExportPostman(
    command.command('postman').description('a Postman collection (v2.1) that plays every flow'),
    terminal,
  )
}
