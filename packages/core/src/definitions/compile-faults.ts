import type { Diagnostic, ParsedDefinition, ValuePath } from '@imnot/schema'
import { DefinitionFault } from '../definition-fault.ts'
import { withLibraries } from '../libraries.ts'
import { builtinBehaviours } from '../patterns/registry.ts'
import { createPayloadBodies } from '../payloads/payload-bodies.ts'
import { systemClock } from '../ports/clock.ts'
import type { FailedDefinition } from '../ports/definition-source.ts'
import { type CompileFault, compileRoutes } from '../routing/compile.ts'
import { createSecrets } from '../secrets.ts'
import { memoryStorage } from '../storage/memory-storage.ts'

/** Why a definition cannot be served, at the place where a person has to look. */
export function explainFault({ parsed, error }: CompileFault): Diagnostic {
  const { definition, file, locate } = parsed
  const text = error instanceof DefinitionFault ? error.text : null
  const path = text === null ? [] : (findText(definition, text, []) ?? [])
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'cannot-compile', file, ...locate(path), message }
}

export function failedBy(fault: CompileFault): FailedDefinition {
  const { file, definition } = fault.parsed
  return { file, partner: definition.partner, diagnostics: [explainFault(fault)] }
}

/** What loading these definitions would find that the schema cannot know. */
export async function findCompileFaults(definitions: readonly ParsedDefinition[]): Promise<Diagnostic[]> {
  const storage = memoryStorage()
  const services = { storage, clock: systemClock(), secrets: createSecrets(storage), bodies: createPayloadBodies() }
  const { faults } = await withLibraries(() => compileRoutes(definitions, builtinBehaviours, services))
  return faults.map(explainFault)
}

/** The path to the first value or key that is this text. */
function findText(value: unknown, text: string, path: ValuePath): ValuePath | null {
  if (value === text) return path
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    if (key === text) return here
    const found = findText(inner, text, here)
    if (found !== null) return found
  }
  return null
}
