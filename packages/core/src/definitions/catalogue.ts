import {
  builtinPatterns,
  type Diagnostic,
  findRouteConflicts,
  type ParsedDefinition,
  type PatternSchema,
  parseDefinition,
} from '@imnot/schema'
import { createKeyedQueue } from '../concurrency/keyed-queue.ts'
import { lostRace, untilWon } from '../concurrency/write-retry.ts'
import { keys } from '../keys.ts'
import { withLibraries } from '../libraries.ts'
import type { PatternBehaviour, PatternServices } from '../patterns/pattern.ts'
import type { Clock } from '../ports/clock.ts'
import type { DefinitionSource, FailedDefinition, LoadedDefinitions } from '../ports/definition-source.ts'
import type { Storage, WriteOperation } from '../ports/storage.ts'
import { type CompileFault, compileRoutes, type RouteSet } from '../routing/compile.ts'
import { type EpochValue, putEpoch, readEpoch } from '../time/epoch.ts'
import { combine } from './combine.ts'
import { explainFault, failedBy } from './compile-faults.ts'
import { loadRegistered, putRegistered, registeredFile } from './registered.ts'
import { type ReloadReport, reportChanges } from './reload-report.ts'

/** The definitions that are served: this node's files, and what was registered over HTTP for all nodes. */
export interface Catalogue {
  /** What is served now; replaced as a whole, never changed. */
  current(): Served
  /** Reads files and storage, here alone: the first time. */
  load(): Promise<void>
  /** Reads the files anew, here and on every node. */
  reload(): Promise<ReloadReport>
  /** Looks whether another node changed something, and takes it over. */
  watch(): Promise<void>
  register(text: Uint8Array, options: { readonly force: boolean }): Promise<Registration>
  /** Several in one write; none where one of them is refused, and then the first refusal alone. */
  registerAll(texts: readonly Uint8Array[], options: { readonly force: boolean }): Promise<readonly Registration[]>
  /** As this node saw it last. A request that reads the storage anyway meets the one of now. */
  epoch(): EpochValue
  /** False where no registered definition has the name. */
  unregister(partner: string): Promise<boolean>
}

export interface Served {
  readonly routes: RouteSet
  readonly failed: readonly FailedDefinition[]
  /** Names of partners whose file is hidden by a registered definition. */
  readonly shadowed: ReadonlySet<string>
}

export type Registration =
  | { readonly outcome: 'created' | 'replaced'; readonly parsed: ParsedDefinition }
  | { readonly outcome: 'exists'; readonly partner: string }
  | { readonly outcome: 'invalid'; readonly diagnostics: readonly Diagnostic[] }

export interface CatalogueOptions {
  readonly storage: Storage
  readonly clock: Clock
  readonly source: DefinitionSource
  readonly behaviours: readonly PatternBehaviour[]
  readonly services: PatternServices
  /** @default builtinPatterns */
  readonly patterns?: readonly PatternSchema[]
}

export function createCatalogue(options: CatalogueOptions): Catalogue {
  const { storage, clock, source, behaviours, services, patterns = builtinPatterns } = options
  const turns = createKeyedQueue()
  let files: LoadedDefinitions = { parsed: [], failed: [] }
  let seen: EpochValue = readEpoch(null).value
  let served: Served = { routes: compileRoutes([], behaviours, services), failed: [], shadowed: new Set() }

  async function getEpoch() {
    const [record = null] = await storage.get([keys.epoch])
    return readEpoch(record)
  }

  /** It is there from the first start on: a check of a record that is there hinders no other check. */
  function makeEpoch(): Promise<EpochValue> {
    return untilWon(clock, async () => {
      const { version, value } = await getEpoch()
      if (version !== 0) return value
      return (await storage.write([putEpoch(value, 0)])).ok ? value : lostRace
    })
  }

  /** Makes the new set of routes beside the old one and puts it in its place. */
  async function rebuild(): Promise<void> {
    const registered = await loadRegistered(storage, patterns)
    const { definitions, failed, shadowed } = combine(files, registered)
    const compile = (all: readonly ParsedDefinition[]) => withLibraries(() => compileRoutes(all, behaviours, services))
    const first = await compile(definitions)
    const kept = withLastGood(definitions, first.faults, served.routes.definitions)
    const routes = kept === null ? first : await compile(kept)
    served = { routes, failed: [...failed, ...first.faults.map(failedBy)], shadowed }
  }

  async function rereadFiles(): Promise<void> {
    files = keepLastGood(files, await source())
  }

  /** Writes the change together with the epoch, so that no node misses the one and sees the other. */
  function commit(operations: readonly WriteOperation[], asksForFiles = false): Promise<boolean> {
    return untilWon(clock, async () => {
      const { version, value } = await getEpoch()
      const { definitions, reload } = value
      const next = asksForFiles ? { ...value, reload: reload + 1 } : { ...value, definitions: definitions + 1 }
      const result = await storage.write([...operations, putEpoch(next, version)])
      if (!result.ok) return lostRace
      // What other nodes did before this is read by the rebuild that follows.
      seen = next
      return true
    })
  }

  /** One change after the other: an older set of routes must not take the place of a newer one. */
  const inTurn = <T>(task: () => Promise<T>): Promise<T> => turns.run('catalogue', task)

  function registerAll(texts: readonly Uint8Array[], { force }: { readonly force: boolean }) {
    return inTurn(async (): Promise<readonly Registration[]> => {
      const all: ParsedDefinition[] = []
      for (const text of texts) {
        const result = parseDefinition(text, { file: 'partner.yaml', patterns })
        if (!result.ok) return [{ outcome: 'invalid', diagnostics: result.diagnostics }]
        all.push(result.parsed)
      }
      const { definitions } = served.routes
      const isHere = (partner: string) => definitions.some(({ definition }) => definition.partner === partner)
      const named = all.map(({ definition }) => ({ partner: definition.partner, exists: isHere(definition.partner) }))
      const held = named.find(({ exists }) => exists)
      if (held !== undefined && !force) return [{ outcome: 'exists', partner: held.partner }]
      const others = definitions.filter(
        ({ definition }) => !named.some(({ partner }) => partner === definition.partner),
      )
      const conflicts = findRouteConflicts([...others, ...all])
      if (conflicts.length > 0) return [{ outcome: 'invalid', diagnostics: conflicts }]
      const { faults } = await withLibraries(() => compileRoutes(all, behaviours, services))
      if (faults.length > 0) return [{ outcome: 'invalid', diagnostics: faults.map(explainFault) }]
      const now = clock.now()
      await commit(texts.map((text, index) => putRegistered(named[index]?.partner ?? '', text, now)))
      await rebuild()
      return all.map((parsed, index) => ({
        outcome: named[index]?.exists === true ? 'replaced' : 'created',
        parsed: { ...parsed, file: registeredFile(parsed.definition.partner) },
      }))
    })
  }

  return {
    current: () => served,
    epoch: () => seen,

    load: () =>
      inTurn(async () => {
        seen = await makeEpoch()
        await rereadFiles()
        await rebuild()
      }),

    reload: () =>
      inTurn(async () => {
        const before = served
        await commit([], true)
        await rereadFiles()
        await rebuild()
        return reportChanges(before, served)
      }),

    watch: () =>
      inTurn(async () => {
        const { value } = await getEpoch()
        const isSame = value.definitions === seen.definitions && value.reload === seen.reload
        if (!isSame) {
          if (value.reload !== seen.reload) await rereadFiles()
          await rebuild()
        }
        seen = value
      }),

    async register(text, options) {
      const [registration] = await registerAll([text], options)
      return registration as Registration
    },

    registerAll,

    unregister: (partner) =>
      inTurn(async () => {
        const [record = null] = await storage.get([keys.definition(partner)])
        if (record === null) return false
        await commit([{ type: 'delete', key: record.key }])
        await rebuild()
        return true
      }),
  }
}

/**
 * The same for a definition that can be read and not be compiled, for want of one of its files perhaps. Null where none of
 * them has served before, or a route of theirs is another's by now.
 */
function withLastGood(
  definitions: readonly ParsedDefinition[],
  faults: readonly CompileFault[],
  before: readonly ParsedDefinition[],
): readonly ParsedDefinition[] | null {
  const broken = new Set(faults.map(({ parsed }) => parsed.file))
  const good = before.filter(({ file }) => broken.has(file))
  const all = [...definitions.filter(({ file }) => !broken.has(file)), ...good]
  return good.length === 0 || findRouteConflicts(all).length > 0 ? null : all
}

/** A file that broke since it was last read goes on serving its last good version; its faults are told all the same. */
function keepLastGood(before: LoadedDefinitions, now: LoadedDefinitions): LoadedDefinitions {
  const broken = new Set(now.failed.map((failure) => failure.file))
  const kept = before.parsed.filter((parsed) => broken.has(parsed.file))
  return { parsed: [...now.parsed, ...kept], failed: now.failed }
}
