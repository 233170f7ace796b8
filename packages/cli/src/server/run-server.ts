import type { Buffer } from 'node:buffer'
import { readFile } from 'node:fs/promises'
import type { Logger, Storage } from '@imnot/core'
import { type ConfigFlags, createImnot, type Imnot, isLoopbackHost, type RunningServer, serve } from '@imnot/node'
import { builtinPatterns, type PatternSchema } from '@imnot/schema'
import { CommandFailure } from '../command-failure.ts'
import { configuredPatterns } from '../definitions/configured-patterns.ts'
import { exitCodes } from '../exit-codes.ts'
import { openConfiguredStorage } from '../open-configured-storage.ts'
import type { Terminal } from '../output/terminal.ts'
import { readSettings, type Settings } from '../settings.ts'
import { announce } from './announce.ts'
import { processTitle } from './is-running-imnot.ts'
import { removePidFile, writePidFile } from './pid-file.ts'
import { reportReload } from './report-reload.ts'
import { stopSignal } from './stop-signal.ts'
import { watchPartners } from './watch-partners.ts'

export interface RunOptions extends ConfigFlags {
  readonly insecureAdmin?: boolean
  readonly json?: boolean
}

/** Requests get so long to end, and all of the end so long together. */
const graceMs = 10_000
const endMs = 19_000

/** Serves until a signal ends it. */
export async function runServer(terminal: Terminal, options: RunOptions): Promise<void> {
  process.title = processTitle
  const settings = await readSettings(terminal, options)
  for (const warning of settings.warnings) terminal.note(warning)
  const patterns = await configuredPatterns(settings, terminal.cwd)
  const storage = await openConfiguredStorage(settings, terminal)
  try {
    const logger = loggerOf(terminal)
    const imnot = await createImnot({
      partners: settings.partnersDir,
      patterns,
      storage,
      adminKeys: settings.adminKeys,
      ...(settings.journal ? {} : { journal: false as const }),
      callbacks: {
        allow: settings.callbacksAllow,
        allowLocal: isLoopbackHost(settings.host),
        timeoutMs: settings.callbacksTimeoutMs,
      },
      logger,
    })
    const server = await listen(imnot, settings, options, logger)
    await untilStopped(terminal, { settings, options, storage, imnot, server, patterns })
  } finally {
    await storage.close()
  }
}

interface Running {
  readonly settings: Settings
  readonly options: RunOptions
  readonly storage: Storage
  readonly imnot: Imnot
  readonly server: RunningServer
  readonly patterns: readonly PatternSchema[]
}

async function listen(imnot: Imnot, settings: Settings, options: RunOptions, logger: Logger): Promise<RunningServer> {
  try {
    const { host, port, tls } = settings
    return await serve(imnot, {
      host,
      port,
      logger,
      insecureAdmin: options.insecureAdmin ?? false,
      ...(tls === null ? {} : { tls: await readTls(tls) }),
    })
  } catch (error) {
    await imnot.close()
    throw error
  }
}

async function readTls({ cert, key }: NonNullable<Settings['tls']>): Promise<{ cert: Buffer; key: Buffer }> {
  const read = (what: string, path: string) =>
    readFile(path).catch((error: Error) => {
      throw new CommandFailure(
        `The ${what} of TLS cannot be read: ${error.message}. Check the path.`,
        exitCodes.configuration,
      )
    })
  return { cert: await read('certificate', cert), key: await read('key', key) }
}

async function untilStopped(terminal: Terminal, running: Running): Promise<void> {
  const { settings, options, imnot, server, patterns } = running
  const stopping = stopSignal()
  const mark = { pid: process.pid, url: server.url, started_at: new Date().toISOString() }
  const isMarked = await writePidFile(settings.pidFile, mark)
  if (!isMarked) terminal.note('Another imnot runs in this folder; `imnot stop` stops that one.')
  const endWatch = settings.watch
    ? await watchPartners({
        folder: settings.partnersDir,
        reload: imnot.reload,
        onReload: (report) => reportReload(terminal, report),
        onError: (error) => terminal.note(`The definitions could not be read anew: ${String(error)}`),
      })
    : null
  // Last, so that whoever reads it can rely on all the rest, the watching too.
  await announce(terminal, {
    settings,
    imnot,
    url: server.url,
    json: options.json ?? false,
    patterns: [...builtinPatterns, ...patterns],
  })

  const signal = await stopping
  terminal.note(`${signal}: finishing what was accepted; once more ends at once.`)
  setTimeout(() => process.exit(0), endMs).unref()
  await endWatch?.()
  await server.close({ graceMs })
  await removePidFile(settings.pidFile, mark.pid)
}

/** Only what a person has to know of. */
function loggerOf(terminal: Terminal): Logger {
  const write: Logger['warn'] = (message, fields = {}) => {
    const facts = Object.entries(fields).map(([name, value]) => ` ${name}=${JSON.stringify(value)}`)
    terminal.note(`${message}${facts.join('')}`)
  }
  return { debug() {}, info() {}, warn: write, error: write }
}
