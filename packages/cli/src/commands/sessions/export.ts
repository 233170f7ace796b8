import { resolve } from 'node:path'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import type { DefineCommand } from '../../command-table.ts'
import { writeBeside } from '../../files/write-beside.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'

interface ExportOptions extends StateOptions {
  readonly out?: string
}

export const defineSessionsExport: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .argument('<session>', 'id or label')
    .option('--out <file>', 'write to this file (default: standard output)')
    .addHelpText(
      'after',
      `\nThe file holds what the session holds, payloads and what consumers have sent among it: treat it as you treat those.\n${examples(
        'imnot sessions export INT-4211 > INT-4211.imnot',
        'imnot sessions export INT-4211 --out INT-4211.imnot',
      )}`,
    )
    .action(async (named: string, options: ExportOptions) => {
      const { out } = options
      const file = await withAdmin(terminal, options, async (imnot) => (await imnot.sessions.get(named)).export())
      if (out === undefined) return terminal.out(file)
      await writeBeside(resolve(terminal.cwd, out), file)
      terminal.out(
        options.json ? json({ status: 'ok', file: out, bytes: file.byteLength }) : `${out}: ${file.byteLength} bytes`,
      )
    })
}
