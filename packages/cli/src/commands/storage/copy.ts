import { copyStorage } from '@imnot/core'
import type { DefineCommand } from '../../command-table.ts'
import { openConfiguredStorage } from '../../open-configured-storage.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { readSettings } from '../../settings.ts'

interface CopyOptions {
  readonly json?: boolean
}

export const defineStorageCopy: DefineCommand = (command, terminal) => {
  command
    .argument('<from>', 'storage: sqlite:PATH, postgres://…, redis://…, or a module')
    .argument('<to>', 'the same; it must hold nothing yet')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      `\nStop the servers of both first. With IMNOT_ENCRYPTION_KEY bodies are read with it, and written with it.${examples(
        'imnot storage copy sqlite:imnot.db postgres://imnot@db/imnot',
        'imnot storage copy redis://cache sqlite:backup.db',
      )}`,
    )
    .action(async (from: string, to: string, options: CopyOptions) => {
      const { encryption } = await readSettings(terminal)
      const source = await openConfiguredStorage({ storage: from, encryption }, terminal)
      const target = await openConfiguredStorage({ storage: to, encryption }, terminal)
      try {
        await source.init()
        await target.init()
        const copied = await copyStorage(source, target)
        if (options.json) terminal.out(json({ status: 'ok', ...copied }))
        else terminal.out(`Copied ${copied.records} records with ${copied.bytes} bytes of bodies.`)
      } finally {
        await source.close()
        await target.close()
      }
    })
}
