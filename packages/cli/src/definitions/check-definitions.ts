import { type CustomPattern, type FailedDefinition, findUnservable } from '@imnot/core'
import { loadDefinitions } from '@imnot/node'
import { type Diagnostic, findRouteConflicts, type ParsedDefinition } from '@imnot/schema'

export interface CheckedDefinitions {
  /** Those that can be served together. */
  readonly definitions: readonly ParsedDefinition[]
  readonly failed: readonly FailedDefinition[]
}

/** Reads files and folders of definitions, and finds what keeps any of them from being served beside the others. */
export async function checkDefinitions(
  paths: readonly string[],
  cwd: string,
  patterns: readonly CustomPattern[] = [],
): Promise<CheckedDefinitions> {
  const { parsed, failed } = await loadDefinitions(paths, { cwd, patterns })()
  const conflicts = new Map<string, Diagnostic[]>()
  for (const conflict of findRouteConflicts(parsed)) {
    conflicts.set(conflict.file, [...(conflicts.get(conflict.file) ?? []), conflict])
  }
  const refused = parsed.flatMap(({ file, definition }) => {
    const diagnostics = conflicts.get(file)
    return diagnostics === undefined ? [] : [{ file, partner: definition.partner, diagnostics }]
  })
  const others = parsed.filter(({ file }) => !conflicts.has(file))
  const unservable = await findUnservable(others, patterns)
  const faulty = new Set(unservable.map(({ file }) => file))
  return {
    definitions: others.filter(({ file }) => !faulty.has(file)),
    failed: [...failed, ...refused, ...unservable],
  }
}
