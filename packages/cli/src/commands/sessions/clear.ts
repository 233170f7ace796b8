import type { ImnotApi } from '@imnot/client'
import type { StateOptions } from '../../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../../admin/state-command.ts'
import { CommandFailure } from '../../command-failure.ts'
import type { DefineCommand } from '../../command-table.ts'
import { exitCodes } from '../../exit-codes.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import type { Terminal } from '../../output/terminal.ts'

interface ClearOptions extends StateOptions {
  readonly yes?: boolean
}

export const defineSessionsClear: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('-y, --yes', 'do not ask')
    .addHelpText('after', examples('imnot sessions clear', 'imnot sessions clear --yes'))
    .action(async (options: ClearOptions) => {
      const deleted = await withAdmin(terminal, options, async (imnot) => {
        if (!options.yes) await askFirst(imnot, terminal)
        return imnot.sessions.deleteAll()
      })
      if (options.json) return terminal.out(json({ status: 'ok', deleted }))
      terminal.out(
        deleted === 1
          ? '1 session is deleted with everything in it.'
          : `${deleted} sessions are deleted with everything in them.`,
      )
    })
}

async function askFirst(imnot: ImnotApi, terminal: Terminal): Promise<void> {
  const { length } = await imnot.sessions.list()
  if (!terminal.isInteractive) {
    throw new CommandFailure(
      `This deletes ${count(length)}, and nobody is here to ask; say so with --yes.`,
      exitCodes.usage,
    )
  }
  const answer = await terminal.ask(`Delete ${count(length)} with everything inside? [y/N] `)
  if (!/^y(es)?$/i.test(answer.trim())) throw new CommandFailure('Nothing was deleted.')
}

function count(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
