import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import type { ImportSession } from '@imnot/client'
import { Option } from 'commander'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { DefineCommand } from '../../command-table.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { describeSession } from './describe-session.ts'
import { sessionRows } from './session-rows.ts'

interface ImportOptions extends StateOptions, ImportSession {}

export const defineSessionsImport: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<file>', 'an exported session; - for standard input')
    .option('--label <label>', 'its label (default: the one that it had)')
    .addOption(
      new Option(
        '--definitions <what>',
        'where a partner is served from another definition: keep that one, or replace it by the one of the file',
      ).choices(['refuse', 'keep', 'replace']),
    )
    .addHelpText(
      'after',
      examples(
        'imnot sessions import INT-4211.imnot',
        'imnot sessions import - --label INT-4211-again < INT-4211.imnot',
      ),
    )
    .action(async (path: string, options: ImportOptions) => {
      const { label, definitions } = options
      const file =
        path === '-'
          ? await terminal.readInput()
          : await readFile(resolve(terminal.cwd, path)).catch((error: Error) => {
              throw new CommandFailure(`The file cannot be read: ${error.message}.`)
            })
      const session = await withAdmin(terminal, options, (imnot) => imnot.sessions.import(file, { label, definitions }))
      terminal.out(options.json ? json(describeSession(session)) : sessionRows(session))
    })
}
