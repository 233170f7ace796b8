import {
  type Clock,
  createEngine,
  type Engine,
  type Logger,
  memoryStorage,
  type ReloadReport,
  type Storage,
} from '@imnot/core'
import { readAdminKeys } from './admin-keys.ts'
import { loadDefinitions } from './definitions/load-definitions.ts'
import { createOutbound } from './outbound/outbound.ts'

export interface ImnotOptions {
  /** Folders that hold `NAME/partner.yaml`, or definition files themselves. @default none */
  readonly partners?: string | readonly string[]
  /** Closed by whoever made it. @default memoryStorage() */
  readonly storage?: Storage
  /** Keys of the admin API, two during a rotation; an empty one counts as none. @default [] */
  readonly adminKeys?: readonly (string | undefined)[]
  /** Whether there is an admin API over HTTP. @default true */
  readonly admin?: boolean
  readonly callbacks?: CallbackOptions
  /** @default silent */
  readonly logger?: Logger
  /** @default the system's clock */
  readonly clock?: Clock
  /** Whether this process sends callbacks, erases what has expired and watches for changes of other nodes. @default true */
  readonly background?: boolean
}

export interface CallbackOptions {
  /** Receivers that may be local where `allowLocal` is false: `host`, `*.suffix`, an IP address, a CIDR range. @default [] */
  readonly allow?: readonly string[]
  /** Whether loopback and private addresses may be called; false where other machines reach imnot. @default true */
  readonly allowLocal?: boolean
}

/** An engine that runs, with the files and connections that it needs. */
export interface Imnot extends AsyncDisposable {
  readonly engine: Engine
  /** The admin API asks for a key, or is off. */
  readonly isGuarded: boolean
  /** Answers a request in process, without a socket. */
  fetch(request: Request): Promise<Response>
  /** Rereads the definitions. */
  reload(): Promise<ReloadReport>
  /** Hands back what it holds; closes the storage only where `createImnot` made it. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts an engine over the definitions of some folders. A bad file is left out; the reload report and the admin API name it.
 *
 * @example
 * const imnot = await createImnot({ partners: './partners' })
 * const response = await imnot.fetch(new Request('http://mock/external/jobs', { method: 'POST' }))
 */
export async function createImnot(options: ImnotOptions = {}): Promise<Imnot> {
  const { partners = [], storage = memoryStorage(), admin = true, callbacks = {}, logger, clock, background } = options
  const adminKeys = readAdminKeys(options.adminKeys ?? [])
  const outbound = createOutbound({ allowLocal: callbacks.allowLocal ?? true, allow: callbacks.allow ?? [] })
  const engine = createEngine({
    storage,
    admin,
    adminKeys,
    definitions: loadDefinitions([partners].flat()),
    outbound: outbound.send,
    ...(logger !== undefined && { logger }),
    ...(clock !== undefined && { clock }),
    ...(background !== undefined && { background }),
  })

  let closing: Promise<void> | undefined
  async function closeOnce(): Promise<void> {
    await engine.close()
    await outbound.close()
    if (options.storage === undefined) await storage.close()
  }
  function close(): Promise<void> {
    closing ??= closeOnce()
    return closing
  }

  try {
    await engine.start()
  } catch (error) {
    // What starting failed with says more than what closing then does.
    await close().catch(() => {})
    throw error
  }
  return {
    engine,
    isGuarded: !admin || adminKeys.length > 0,
    fetch: (request) => engine.fetch(request),
    reload: () => engine.reload(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
