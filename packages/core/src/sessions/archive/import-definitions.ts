import { Buffer } from 'node:buffer'
import { formatDiagnostic } from '@imnot/schema'
import type { Catalogue } from '../../definitions/catalogue.ts'
import type { EngineResponse } from '../../http/messages.ts'
import { refuse } from '../../http/respond.ts'
import type { ArchivedDefinition } from './archive-file.ts'

/** What is done where a partner is served from another definition than the archive's. */
export type DefinitionPolicy = 'refuse' | 'keep' | 'replace'

/** `served`: the same is here already. */
export type DefinitionFate = {
  readonly partner: string
  readonly outcome: 'served' | 'registered' | 'kept' | 'replaced'
}

export type ImportedDefinitions =
  | { readonly definitions: readonly DefinitionFate[] }
  | { readonly refusal: EngineResponse }

/** Sees to it that the partners of an archive are served. Where one is refused, none is registered. */
export async function importDefinitions(
  catalogue: Catalogue,
  definitions: readonly ArchivedDefinition[],
  policy: DefinitionPolicy,
): Promise<ImportedDefinitions> {
  const here = new Map(
    catalogue.current().routes.definitions.map(({ definition, source }) => [definition.partner, source]),
  )
  const others = definitions.filter(({ partner, text }) => (here.get(partner) ?? text) !== text)
  if (policy === 'refuse' && others.length > 0) {
    const names = others.map(({ partner }) => partner).join(', ')
    const detail =
      `What is served here as ${names} is another definition than the file's; import with definitions=replace to take ` +
      "the file's, or with definitions=keep to play the session against the one of here."
    return { refusal: refuse(409, detail, { partners: others.map(({ partner }) => partner) }) }
  }
  const fates = definitions.map(({ partner, text }): DefinitionFate => {
    if (here.get(partner) === text) return { partner, outcome: 'served' }
    if (!here.has(partner)) return { partner, outcome: 'registered' }
    return { partner, outcome: policy === 'keep' ? 'kept' : 'replaced' }
  })
  const taken = definitions.filter((_, index) => ['registered', 'replaced'].includes(fates[index]?.outcome ?? ''))
  if (taken.length === 0) return { definitions: fates }
  const texts = taken.map(({ text }) => Buffer.from(text))
  const [first] = await catalogue.registerAll(texts, { force: policy === 'replace' })
  if (first?.outcome === 'exists')
    return {
      refusal: refuse(409, `Partner '${first.partner}' is served here already; import with definitions=replace.`),
    }
  if (first?.outcome === 'invalid') {
    const diagnostics = first.diagnostics.map(formatDiagnostic)
    const names = taken.map(({ partner }) => partner).join(', ')
    const detail = `The definitions in the file (${names}) cannot be served here; import with definitions=keep once partners of these names are served.`
    return { refusal: refuse(422, detail, { diagnostics }) }
  }
  return { definitions: fates }
}
