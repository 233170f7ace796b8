import { type EncryptedStorage, encrypted } from '@imnot/core'
import { CommandFailure } from '../../command-failure.ts'
import type { DefineCommand } from '../../command-table.ts'
import { exitCodes } from '../../exit-codes.ts'
import { openConfiguredStorage } from '../../open-configured-storage.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import { readSettings } from '../../settings.ts'

interface RewriteOptions {
  readonly storage?: string
  readonly db?: string
  readonly json?: boolean
}

export const defineStorageRewrite: DefineCommand = (command, terminal) => {
  command
    .option('--storage <url>', 'storage (default: the configured one)')
    .option('--db <path>', 'short for --storage sqlite:PATH')
    .option('--json', 'answer in JSON')
    .addHelpText('after', examples('IMNOT_ENCRYPTION_KEY=… IMNOT_ENCRYPTION_KEY_PREVIOUS=… imnot storage rewrite'))
    .action(async (options: RewriteOptions) => {
      const { storage: url, encryption } = await readSettings(terminal, options)
      if (encryption === null) {
        throw new CommandFailure(
          'There is no key to encrypt with; set IMNOT_ENCRYPTION_KEY, and the old one as IMNOT_ENCRYPTION_KEY_PREVIOUS.',
          exitCodes.usage,
        )
      }
      const plain = await openConfiguredStorage({ storage: url, encryption: null }, terminal)
      const storage: EncryptedStorage = encrypted(plain, encryption)
      try {
        await storage.init()
        const rewritten = await storage.rewrite()
        if (options.json) terminal.out(json({ status: 'ok', rewritten }))
        else terminal.out(`${rewritten} ${rewritten === 1 ? 'body is' : 'bodies are'} encrypted anew.`)
      } finally {
        await storage.close()
      }
    })
}
