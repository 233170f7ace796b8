import { formatDiagnostic, type ParsedDefinition } from '@imnot/schema'
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
  const isOther = (partner: string, one: Source) =>
    old.get(partner)?.text !== one.text || old.get(partner)?.files !== one.files
  return {
    added: [...fresh.keys()].filter((partner) => !old.has(partner)),
    changed: [...fresh]
      .filter(([partner, source]) => old.has(partner) && isOther(partner, source))
      .map(([partner]) => partner),
    removed: [...old.keys()].filter((partner) => !fresh.has(partner)),
    failed: after.failed.map(({ file, partner, diagnostics }) => ({
      file,
      partner,
      diagnostics: diagnostics.map(formatDiagnostic),
    })),
  }
}

/** What a definition is made of; its files are others as soon as one of them is. */
interface Source {
  readonly text: string
  readonly files: ParsedDefinition['files']
}

function sources({ routes }: Served): Map<string, Source> {
  return new Map(
    routes.definitions.map(({ definition, file, source, files }) => [
      definition.partner,
      { text: `${file}\n${source}`, files },
    ]),
  )
}
