import { createApi, type ImnotApi } from '@imnot/client'
import {
  type Clock,
  type CustomPattern,
  createEngine,
  type Engine,
  type JournalLimits,
  type Logger,
  memoryStorage,
  type ReloadReport,
  type Storage,
} from '@imnot/core'
import { readAdminKeys } from './admin-keys.ts'
import { connectEngine } from './api/connect-engine.ts'
import { assertInlineServed, type InlineDefinition } from './definitions/inline-definitions.ts'
import { loadDefinitions } from './definitions/load-definitions.ts'
import { createOutbound } from './outbound/outbound.ts'
import { postmanExport } from './postman-export.ts'

export interface ImnotOptions {
  /** Folders that hold `NAME/partner.yaml`, or definition files themselves. @default none */
  readonly partners?: string | readonly string[]
  /** Definitions that stand in the program: the text of a `partner.yaml`, or the same as an object. @default [] */
  readonly definitions?: readonly InlineDefinition[]
  /** Patterns of the program's own, as `definePattern` makes them. @default [] */
  readonly patterns?: readonly CustomPattern[]
  /** Closed by whoever made it. @default memoryStorage() */
  readonly storage?: Storage
  /** Keys of the admin API, two during a rotation; an empty one counts as none. @default [] */
  readonly adminKeys?: readonly (string | undefined)[]
  /** Whether there is an admin API over HTTP. @default true */
  readonly admin?: boolean
  /** Where consumers reach it; the base URLs of sessions begin with it. @default where `serve` listens, before that http://imnot.test */
  readonly baseUrl?: string | undefined
  readonly callbacks?: CallbackOptions
  /** Bounds of the journal of requests; false for none. @default 10,000 requests, 64 MiB and 7 days for each session */
  readonly journal?: Partial<JournalLimits> | false
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
  /** For the whole of an attempt, from the connection to the last byte of the answer. @default 15000 */
  readonly timeoutMs?: number | undefined
}

/** An engine that runs, with the files and connections that it needs, and the API that steers it. `await using` closes it. */
export interface Imnot extends ImnotApi, AsyncDisposable {
  readonly engine: Engine
  /** The admin API asks for a key, or is off. */
  readonly isGuarded: boolean
  /** Rereads the definitions. */
  reload(): Promise<ReloadReport>
  /** Says where consumers reach it from now on, unless an option said so; `serve` does. */
  listensAt(url: string): void
  /** Hands back what it holds; closes the storage only where `createImnot` made it. Idempotent. */
  close(): Promise<void>
}

/**
 * Starts an engine over definitions in folders and in the program. A bad file is left out; the reload report and the admin API
 * name it. Throws `DEFINITION_INVALID` for a bad one in the program.
 *
 * @example
 * await using imnot = await createImnot({ partners: './partners' })
 * const response = await imnot.fetch('/external/jobs', { method: 'POST' })
 */
export async function createImnot(options: ImnotOptions = {}): Promise<Imnot> {
  const {
    partners = [],
    definitions = [],
    patterns = [],
    storage = memoryStorage(),
    admin = true,
    callbacks = {},
    logger,
    clock,
    background,
  } = options
  const adminKeys = readAdminKeys(options.adminKeys ?? [])
  const { allow = [], allowLocal = true, timeoutMs: outboundTimeoutMs = 15_000 } = callbacks
  const outbound = createOutbound({ allowLocal, allow, timeoutMs: outboundTimeoutMs })
  let baseUrl = options.baseUrl?.replace(/\/+$/, '') ?? 'http://imnot.test'
  const engine = createEngine({
    storage,
    patterns,
    admin,
    adminKeys,
    definitions: loadDefinitions([partners].flat(), { inline: definitions, patterns }),
    outbound: outbound.send,
    outboundTimeoutMs,
    environment: (name) => process.env[name],
    postman: postmanExport(() => baseUrl, patterns),
    ...(logger !== undefined && { logger }),
    ...(clock !== undefined && { clock }),
    ...(background !== undefined && { background }),
    ...(options.journal !== undefined && { journal: options.journal }),
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
    assertInlineServed(definitions.length, engine.definitions())
  } catch (error) {
    // What starting failed with says more than what closing then does.
    await close().catch(() => {})
    throw error
  }
  const api = createApi(connectEngine(engine, () => baseUrl))
  return {
    sessions: api.sessions,
    payloads: api.payloads,
    flows: api.flows,
    report: api.report,
    deliveries: api.deliveries,
    clock: api.clock,
    requests: api.requests,
    partners: api.partners,
    openApi: api.openApi,
    fetch: api.fetch,
    get baseUrl() {
      return baseUrl
    },
    listensAt(url) {
      if (options.baseUrl === undefined) baseUrl = url
    },
    engine,
    isGuarded: !admin || adminKeys.length > 0,
    reload: () => engine.reload(),
    close,
    [Symbol.asyncDispose]: close,
  }
}
