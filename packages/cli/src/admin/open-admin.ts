import { createClient, type ImnotApi, isApiError } from '@imnot/client'
import { createImnot } from '@imnot/node'
import { CommandFailure } from '../command-failure.ts'
import { configuredPatterns } from '../definitions/configured-patterns.ts'
import { exitCodes } from '../exit-codes.ts'
import { openConfiguredStorage } from '../open-configured-storage.ts'
import type { Terminal } from '../output/terminal.ts'
import { readPidFile } from '../server/pid-file.ts'
import { readSettings, type Settings } from '../settings.ts'

export interface StateOptions {
  readonly config?: string
  readonly url?: string
  readonly adminKey?: string
  readonly storage?: string
  readonly db?: string
  readonly partnersDir?: string
  readonly pattern?: readonly string[]
  readonly json?: boolean
}

/** An imnot, wherever it is, until it is closed. */
export interface OpenedAdmin {
  readonly imnot: ImnotApi
  close(): Promise<void>
}

/** The server that `--url` names, else an imnot over the configured storage, which a running server may share. */
export async function openAdmin(terminal: Terminal, options: StateOptions): Promise<OpenedAdmin> {
  const { url, ...flags } = options
  const settings = await readSettings(terminal, flags)
  if (url !== undefined) return { imnot: clientOf(url, settings.adminKeys[0]), close: async () => {} }
  if (settings.storage === 'memory:') {
    throw new CommandFailure(
      'What the storage memory: holds is in the server alone; name the server with --url http://127.0.0.1:8000.',
      exitCodes.usage,
    )
  }
  const storage = await openConfiguredStorage(settings, { cwd: terminal.cwd, note: () => {} })
  try {
    const baseUrl = await baseUrlOf(settings)
    const patterns = await configuredPatterns(settings, terminal.cwd)
    const imnot = await createImnot({ partners: settings.partnersDir, patterns, storage, baseUrl, background: false })
    return {
      imnot,
      close: async () => {
        await imnot.close()
        await storage.close()
      },
    }
  } catch (error) {
    await storage.close()
    throw error
  }
}

function clientOf(url: string, key: string | undefined): ImnotApi {
  try {
    return createClient({ url, key })
  } catch (error) {
    if (!isApiError(error, 'CONFIG_INVALID')) throw error
    throw new CommandFailure(
      error.message.replace('The URL', '--url').replace('as "key"', 'with --admin-key'),
      exitCodes.usage,
    )
  }
}

/** Where consumers reach the server that shares the storage: as configured, where it runs, or where it would. */
async function baseUrlOf({ baseUrl, pidFile, host, port, tls }: Settings): Promise<string> {
  if (baseUrl !== null) return baseUrl
  const mark = await readPidFile(pidFile)
  if (mark?.isRunning && mark.url !== '') return mark.url
  return `${tls === null ? 'http' : 'https'}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
