import type { ParsedDefinition } from '@imnot/schema'
import { withLibraries } from '../libraries.ts'
import type { CustomPattern } from '../patterns/define-pattern.ts'
import { createPatternServices } from '../patterns/pattern-services.ts'
import { builtinBehaviours } from '../patterns/registry.ts'
import { systemClock } from '../ports/clock.ts'
import type { FailedDefinition } from '../ports/definition-source.ts'
import { compileRoutes } from '../routing/compile.ts'
import { memoryStorage } from '../storage/memory-storage.ts'
import { wallTime } from '../time/scope-clock.ts'
import { failedBy } from './compile-faults.ts'

/**
 * Those that are well formed and could not be served all the same, each with its fault: a file that is not there, a pattern or
 * an XPath that is none. Serves nothing.
 */
export async function findUnservable(
  definitions: readonly ParsedDefinition[],
  patterns: readonly CustomPattern[] = [],
): Promise<FailedDefinition[]> {
  const services = createPatternServices({
    storage: memoryStorage(),
    clock: systemClock(),
    environment: () => undefined,
    globalClock: () => wallTime,
  })
  const { faults } = await withLibraries(() =>
    compileRoutes(definitions, [...builtinBehaviours, ...patterns], services),
  )
  return faults.map(failedBy)
}
