import { createImnot } from '@imnot/node'
import { CommandFailure } from '../command-failure.ts'
import { exitCodes } from '../exit-codes.ts'
import { openConfiguredStorage } from '../open-configured-storage.ts'
import type { Terminal } from '../output/terminal.ts'
import { readSettings } from '../settings.ts'
import type { AdminApi } from './admin-api.ts'
import { localAdmin } from './local-admin.ts'
import { remoteAdmin } from './remote-admin.ts'

export interface StateOptions {
  readonly config?: string
  readonly url?: string
  readonly adminKey?: string
  readonly storage?: string
  readonly db?: string
  readonly partnersDir?: string
  readonly json?: boolean
}

/** The admin API of the server that `--url` names, else over the configured storage, which a running server may share. */
export async function openAdmin(terminal: Terminal, options: StateOptions): Promise<AdminApi> {
  const { url, ...flags } = options
  const settings = await readSettings(terminal, flags)
  if (url !== undefined) return remoteAdmin({ url, adminKey: settings.adminKeys[0] })
  if (settings.storage === 'memory:') {
    throw new CommandFailure(
      'What the storage memory: holds is in the server alone; name the server with --url http://127.0.0.1:8000.',
      exitCodes.usage,
    )
  }
  const storage = await openConfiguredStorage(settings, { cwd: terminal.cwd, note: () => {} })
  try {
    const imnot = await createImnot({ partners: settings.partnersDir, storage, background: false })
    return localAdmin({
      engine: imnot.engine,
      close: async () => {
        await imnot.close()
        await storage.close()
      },
    })
  } catch (error) {
    await storage.close()
    throw error
  }
}
