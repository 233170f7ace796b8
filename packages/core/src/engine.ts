import { builtinPatterns, type PatternSchema } from '@imnot/schema'
import { createAdmin } from './admin/admin.ts'
import { type Background, startBackground } from './background.ts'
import { createKeyedQueue } from './concurrency/keyed-queue.ts'
import { createCatalogue } from './definitions/catalogue.ts'
import type { ReloadReport } from './definitions/reload-report.ts'
import { deliveryDues } from './deliveries/delivery-record.ts'
import { createDeliveryStore } from './deliveries/delivery-store.ts'
import { createDispatcher } from './deliveries/dispatcher.ts'
import { answerError } from './engine-errors.ts'
import { type FetchOptions, toFetch } from './engine-fetch.ts'
import { flowDues } from './flows/flow-dues.ts'
import { createFlowStore } from './flows/flow-store.ts'
import type { FlowServices } from './flows/flow-work.ts'
import { createSteering } from './flows/steer-flow.ts'
import { type HandleServices, handleMock } from './handling/handle.ts'
import type { EngineHeaders, EngineRequest, EngineResponse } from './http/messages.ts'
import { refuse } from './http/respond.ts'
import { isNavigation, sandboxed } from './http/sandbox.ts'
import { createJournal } from './journal/journal.ts'
import { type JournalLimits, journalLimits } from './journal/journal-entry.ts'
import { queues } from './keys.ts'
import { assertPatterns } from './patterns/assert-patterns.ts'
import type { CustomPattern } from './patterns/define-pattern.ts'
import type { PatternBehaviour } from './patterns/pattern.ts'
import { createPatternServices } from './patterns/pattern-services.ts'
import { builtinBehaviours } from './patterns/registry.ts'
import { createPayloadStore } from './payloads/payload-store.ts'
import { type Clock, systemClock } from './ports/clock.ts'
import type { DefinitionSource, LoadedDefinitions } from './ports/definition-source.ts'
import { type Logger, silentLogger } from './ports/logger.ts'
import type { Outbound } from './ports/outbound.ts'
import type { PostmanExport } from './ports/postman-export.ts'
import type { Storage, WriteOperation } from './ports/storage.ts'
import { findMatch, type Match } from './routing/match.ts'
import { explainMiss } from './routing/nearest-routes.ts'
import { createBindings } from './sessions/bindings.ts'
import { createOwners, rememberOwners } from './sessions/owners.ts'
import { createSessionStore } from './sessions/session-store.ts'
import { sweepSessions } from './sessions/sweep.ts'
import { applyWhatIsDue } from './time/apply-due.ts'
import { createClocks } from './time/clocks.ts'
import type { DueKind } from './time/due-kind.ts'
import type { WalkServices } from './time/finish-due.ts'

export interface EngineOptions {
  readonly storage: Storage
  /** Reads this node's own definitions. @default none */
  readonly definitions?: DefinitionSource
  /** Patterns of the user's own, beside the built-in ones. @default none */
  readonly patterns?: readonly CustomPattern[]
  /** Makes the calls that callbacks are. Without it they stay owed, for another node that has one. */
  readonly outbound?: Outbound
  /** The longest that one of these calls may take, in milliseconds; a delivery is leased for twice that. @default 15000 */
  readonly outboundTimeoutMs?: number
  /** Reads the secrets that definitions name with `secret_env`; undefined where there is none. @default none */
  readonly environment?: (name: string) => string | undefined
  /** Makes the collection of `GET /imnot/admin/postman`. Without it there is no such route. */
  readonly postman?: PostmanExport
  /** @default the system's clock */
  readonly clock?: Clock
  /** @default silent */
  readonly logger?: Logger
  /** Keys of the admin API, two during a rotation. Without one it serves this machine's own user alone. */
  readonly adminKeys?: readonly string[]
  /** Whether there is an admin API over HTTP at all. @default true */
  readonly admin?: boolean
  /** Whether this process sends callbacks, erases what has expired and watches for changes of other nodes. @default true */
  readonly background?: boolean
  readonly limits?: Partial<EngineLimits>
  /** Bounds of the journal of requests; false for none. @default 10,000 requests, 64 MiB and 7 days for each session */
  readonly journal?: Partial<JournalLimits> | false
  /** Where consumers reach imnot, without a slash at the end; what `{{ base_url }}` begins with. @default as each request says */
  readonly baseUrl?: string
}

/** Bytes. */
export interface EngineLimits {
  /** Body of a request to a mocked endpoint. @default 1 MiB */
  readonly mockBody: number
  /** An uploaded payload. @default 50 MiB */
  readonly upload: number
  /** A definition registered over HTTP. @default 1 MiB */
  readonly definition: number
}

export interface Engine {
  /** Makes the storage ready and loads the definitions. Idempotent; may be tried again after a failure. */
  start(): Promise<void>
  /** Null where the request is none of imnot's. Reads nothing. */
  match(method: string, url: string, headers?: EngineHeaders): Match | null
  /** At once where the answer depends on nothing, else as a promise. Neither throws nor rejects. */
  handle(request: EngineRequest, match: Match): EngineResponse | Promise<EngineResponse>
  /** The 404 for a request that matched nothing; it names the nearest routes and why each is not the one. With the request itself it goes into the journal. */
  notFound(method: string, url: string, request?: EngineRequest): EngineResponse
  /** The whole engine as a Fetch handler, for Hono, Bun, Deno and tests. */
  fetch(request: Request, options?: FetchOptions): Promise<Response>
  /** The admin API without its guard, for code that holds the engine. */
  admin(request: EngineRequest): Promise<EngineResponse>
  /** What is served now, and what could not be. */
  definitions(): LoadedDefinitions
  /** Reads the definitions anew, here and on every node. */
  reload(): Promise<ReloadReport>
  /** Ends the answers that have no end of their own: who follows the journal. For a server that is about to close. */
  endStreams(): void
  /** Finishes the attempts under way and stops the background work. Does not close the storage. */
  close(): Promise<void>
}

/**
 * The engine: match a request, then handle it. It does no I/O but through what it is given.
 *
 * @example
 * const engine = createEngine({ storage: memoryStorage() })
 * await engine.start()
 * const response = await engine.fetch(new Request('http://127.0.0.1/external/jobs', { method: 'POST' }))
 */
export function createEngine(options: EngineOptions): Engine {
  const {
    storage,
    definitions = noDefinitions,
    clock = systemClock(),
    logger = silentLogger,
    background = true,
    environment = () => undefined,
    outboundTimeoutMs = 15_000,
    patterns: own = [],
  } = options
  assertPatterns(own)
  const limits: EngineLimits = { mockBody: mebibyte, upload: 50 * mebibyte, definition: mebibyte, ...options.limits }
  const owners = createOwners()
  const globalClock = () => catalogue.epoch().clock
  const patternServices = createPatternServices({ storage, clock, environment, globalClock })
  const { bodies, secrets, tokens, stopwatch } = patternServices
  const bindings = createBindings(secrets)
  const journal =
    options.journal === false
      ? null
      : createJournal({ storage, clock, logger, secrets, background, limits: { ...journalLimits, ...options.journal } })
  const behaviours: readonly PatternBehaviour[] = [...builtinBehaviours, ...own]
  const patterns: readonly PatternSchema[] = [...builtinPatterns, ...own]
  const catalogue = createCatalogue({
    storage,
    clock,
    source: definitions,
    behaviours,
    patterns,
    services: patternServices,
  })
  const sharesOrigin = options.admin ?? true
  const works = new Map<string, Background>()
  const flowServices: FlowServices = {
    storage,
    clock,
    baseUrl: options.baseUrl ?? null,
    machineOf: (partner, datapoint) => catalogue.current().routes.machines.get(`${partner}/${datapoint}`) ?? null,
  }
  const dueKinds: readonly DueKind[] = [flowDues(flowServices), deliveryDues]
  const handling: HandleServices = {
    storage,
    clock,
    bodies,
    owners,
    bindings,
    logger,
    tokens,
    queue: createKeyedQueue(),
    stopwatch,
    bodyLimit: limits.mockBody,
    traces: journal?.recorder.traces ?? null,
    baseUrl: options.baseUrl ?? null,
    wrote,
    explainMiss: (request) => explainMiss(catalogue.current().routes, request),
  }
  const applying: WalkServices = { storage, clock, kinds: dueKinds, wrote, clockChanged: wakeAll }
  const sessions = createSessionStore({ storage, clock, bindings })
  const admin = createAdmin({
    making: { ...applying, sessions },
    clocks: createClocks(applying),
    journal,
    storage,
    clock,
    catalogue,
    sessions,
    patterns,
    payloads: createPayloadStore({ storage, clock }),
    flows: createFlowStore(storage, clock),
    steer: createSteering({ ...flowServices, wrote }),
    deliveries: createDeliveryStore({ storage, clock, environment, wrote }),
    postman: options.postman,
    adminKeys: options.adminKeys ?? [],
    isOpen: sharesOrigin,
    limits,
  })

  /** What is due is done when it is, and not at the next look. */
  function wrote(operations: readonly WriteOperation[]): void {
    rememberOwners(owners, operations)
    for (const operation of operations) {
      if (operation.type === 'put' && operation.queue !== undefined)
        works.get(operation.queue)?.wakeBy(operation.dueAt ?? 0)
    }
  }

  function wakeAll(): void {
    for (const work of works.values()) work.wake()
  }

  function startWork(): void {
    const common = { clock, logger }
    if (options.outbound !== undefined) {
      const onAttemptEnded = () => works.get(queues.deliveries)?.wake()
      const sending = { outbound: options.outbound, attemptMs: outboundTimeoutMs, onAttemptEnded, wrote }
      const dispatcher = createDispatcher({ storage, clock, logger, ...sending })
      const work = startBackground({ ...common, name: 'look for callbacks', round: dispatcher.look, everyMs: 1000 })
      works.set(queues.deliveries, { ...work, close: () => work.close().then(dispatcher.close) })
    }
    for (const kind of dueKinds) {
      if (kind.apply === undefined) continue
      const round = () => applyWhatIsDue(applying, kind)
      works.set(kind.queue, startBackground({ ...common, name: `look for due ${kind.queue}`, round, everyMs: 1000 }))
    }
    const sweep = () => sweepSessions(storage)
    works.set('sweep', startBackground({ ...common, name: 'sweep of ended sessions', round: sweep, everyMs: 60_000 }))
    const watch = async () => {
      await catalogue.watch()
      bindings.learn(catalogue.epoch().bindings)
      return null
    }
    works.set('watch', startBackground({ ...common, name: 'look for changed definitions', round: watch, everyMs: 250 }))
  }

  let started: Promise<void> | null = null
  let endHint: (() => void) | undefined

  async function startOnce(): Promise<void> {
    await storage.init()
    await catalogue.load()
    bindings.learn(catalogue.epoch().bindings)
    if (!background) return
    startWork()
    endHint = await storage.hint?.(wakeAll)
  }

  function guarded(act: () => EngineResponse | Promise<EngineResponse>): EngineResponse | Promise<EngineResponse> {
    try {
      const response = act()
      return response instanceof Promise ? response.catch((error: unknown) => answerError(error, logger)) : response
    } catch (error) {
      return answerError(error, logger)
    }
  }

  const engine: Engine = {
    start() {
      started ??= startOnce().catch((error: unknown) => {
        started = null
        throw error
      })
      return started
    },
    match: (method, url, headers) =>
      findMatch({ mocks: catalogue.current().routes, admin: admin.router }, method, url, headers),
    handle(request, match) {
      if (match.kind === 'mock') {
        const trace = journal?.recorder.begin(request, match) ?? null
        const response = guarded(() => handleMock(handling, trace?.request ?? request, match))
        if (trace !== null) journal?.recorder.answered(trace, response)
        return sharesOrigin && isNavigation(request) ? Promise.resolve(response).then(sandboxed) : response
      }
      if (match.kind === 'admin') return guarded(() => admin.handle(request, match))
      return engine.notFound(request.method, request.url, request)
    },
    notFound(method, url, request) {
      const { detail, nearest } = explainMiss(catalogue.current().routes, { method, url, headers: request?.headers })
      const response = refuse(404, detail, { nearest })
      const trace = request === undefined ? null : (journal?.recorder.begin(request, null) ?? null)
      if (trace !== null) journal?.recorder.answered(Object.assign(trace, { nearest, refusedBy: 'no_route' }), response)
      return response
    },
    fetch: (request, options) => toFetch(engine, request, options),
    async admin(request) {
      return guarded(() => admin.handleTrusted(request))
    },
    definitions() {
      const { routes, failed } = catalogue.current()
      return { parsed: routes.definitions, failed }
    },
    reload: () => catalogue.reload(),
    endStreams() {
      journal?.endStreams()
    },
    async close() {
      endHint?.()
      await Promise.all([...works.values()].map((work) => work.close()))
      works.clear()
      await journal?.close()
    },
  }
  return engine
}

const mebibyte = 1_048_576

const noDefinitions: DefinitionSource = async () => ({ parsed: [], failed: [] })
