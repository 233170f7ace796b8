import { formatDiagnostic } from '@imnot/schema'
import type { Served } from './catalogue.ts'

/** What a reload changed, by the names of partners. */
export interface ReloadReport {
  readonly added: readonly string[]
  readonly changed: readonly string[]
  readonly removed: readonly string[]
  /** Files that cannot be served, with their faults as `file:line:col` sentences. */
  readonly failed: readonly {
    readonly file: string
    readonly partner: string | null
    readonly diagnostics: readonly string[]
  }[]
}

export function reportChanges(before: Served, after: Served): ReloadReport {
  const old = sources(before)
  const fresh = sources(after)
  return {
    added: [...fresh.keys()].filter((partner) => !old.has(partner)),
    changed: [...fresh]
      .filter(([partner, source]) => old.has(partner) && old.get(partner) !== source)
      .map(([partner]) => partner),
    removed: [...old.keys()].filter((partner) => !fresh.has(partner)),
    failed: after.failed.map(({ file, partner, diagnostics }) => ({
      file,
      partner,
      diagnostics: diagnostics.map(formatDiagnostic),
    })),
  }
}

/** A definition is changed when its text is. */
function sources({ routes }: Served): Map<string, string> {
  return new Map(routes.definitions.map(({ definition, file, source }) => [definition.partner, `${file}\n${source}`]))
}
