import { type Diagnostic, findRouteConflicts, type ParsedDefinition } from '@imnot/schema'
import type { FailedDefinition, LoadedDefinitions } from '../ports/definition-source.ts'

export interface Combined {
  /** Free of conflicts. */
  readonly definitions: readonly ParsedDefinition[]
  readonly failed: readonly FailedDefinition[]
  readonly shadowed: ReadonlySet<string>
}

/** Files and registered definitions side by side: a registered one hides the file of its name, and conflicts cost the later one. */
export function combine(files: LoadedDefinitions, registered: LoadedDefinitions): Combined {
  const registeredNames = new Set(registered.parsed.map(({ definition }) => definition.partner))
  const shadowed = new Set<string>()
  const visible = files.parsed.filter(({ definition }) => {
    if (!registeredNames.has(definition.partner)) return true
    shadowed.add(definition.partner)
    return false
  })
  const all = [...registered.parsed, ...visible]
  const conflicts = groupByFile(findRouteConflicts(all))
  const refused = all
    .filter(({ file }) => conflicts.has(file))
    .map(({ file, definition }) => ({ file, partner: definition.partner, diagnostics: conflicts.get(file) ?? [] }))
  return {
    definitions: all.filter(({ file }) => !conflicts.has(file)),
    failed: [...files.failed, ...registered.failed, ...refused],
    shadowed,
  }
}

function groupByFile(diagnostics: readonly Diagnostic[]): Map<string, Diagnostic[]> {
  const groups = new Map<string, Diagnostic[]>()
  for (const diagnostic of diagnostics) {
    groups.set(diagnostic.file, [...(groups.get(diagnostic.file) ?? []), diagnostic])
  }
  return groups
}
