import { readFile } from 'node:fs/promises'
import { isImnotError, type Logger } from '@imnot/core'
import { createImnot, isLoopbackHost, loadPatterns, openStorage, readConfig, serve } from '@imnot/node'
import { jsonLogger } from './json-logger.ts'

/** Requests get so long to end, and all of the end so long together. */
const graceMs = 10_000
const endMs = 19_000

/** Starts the server that the environment describes, and ends it at the first signal; a second one ends it at once. */
async function run(logger: Logger): Promise<void> {
  // In a container nobody could reach loopback; another address than loopback needs IMNOT_ADMIN_KEY.
  const env = { ...process.env, IMNOT_HOST: process.env.IMNOT_HOST || '0.0.0.0' }
  const config = await readConfig({ cwd: process.cwd(), env })
  for (const warning of config.warnings) logger.warn(warning)
  const storage = await openStorage(config.storage, {
    encryption: config.encryption,
    onWarning: (message) => logger.warn(message),
    importModule: (specifier) => import(specifier),
  })
  const imnot = await createImnot({
    partners: config.partnersDir ?? [],
    patterns: await loadPatterns(config.patterns, { importModule: (specifier) => import(specifier) }),
    storage,
    adminKeys: config.adminKeys,
    callbacks: {
      allow: config.callbacksAllow,
      allowLocal: isLoopbackHost(config.host),
      timeoutMs: config.callbacksTimeoutMs,
    },
    logger,
  })
  const { tls } = config
  const server = await serve(imnot, {
    host: config.host,
    port: config.port,
    logger,
    ...(tls === null ? {} : { tls: { cert: await readFile(tls.cert), key: await readFile(tls.key) } }),
  })
  logger.info('listening', { url: server.url, storage: storage.name })

  let isEnding = false
  async function end(signal: NodeJS.Signals): Promise<void> {
    if (isEnding) process.exit(1)
    isEnding = true
    logger.info('ending', { signal })
    setTimeout(() => process.exit(0), endMs).unref()
    await server.close({ graceMs })
    await storage.close()
    logger.info('ended')
    process.exit(0)
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => void end(signal))
}

const logger = jsonLogger((line) => process.stdout.write(`${line}\n`))

run(logger).catch((error: unknown) => {
  const code = isImnotError(error) ? error.code : 'UNEXPECTED'
  logger.error(error instanceof Error ? error.message : String(error), { code })
  // EX_CONFIG: trying again without another configuration is of no use.
  process.exit(
    ['CONFIG_INVALID', 'ADMIN_KEY_REQUIRED', 'ADMIN_KEY_WEAK', 'ENCRYPTION_KEY_INVALID'].includes(code) ? 78 : 1,
  )
})
