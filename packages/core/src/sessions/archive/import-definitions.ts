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

/** Sees to it that the partners of an archive are served. Where one is refused, none is registered. */
export async function importDefinitions(
  catalogue: Catalogue,
  definitions: readonly ArchivedDefinition[],
  policy: DefinitionPolicy,
): Promise<{ readonly definitions: readonly DefinitionFate[] } | { readonly refusal: EngineResponse }> {
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
  const fates: DefinitionFate[] = []
  for (const { partner, text } of definitions) {
    const isOther = others.some((other) => other.partner === partner)
    if (here.get(partner) === text) fates.push({ partner, outcome: 'served' })
    else if (isOther && policy === 'keep') fates.push({ partner, outcome: 'kept' })
    else {
      const registered = await catalogue.register(Buffer.from(text), { force: isOther })
      if (registered.outcome === 'invalid') {
        const diagnostics = registered.diagnostics.map(formatDiagnostic)
        const detail = `The definition of ${partner} in the file cannot be served here; import with definitions=keep once a partner of that name is served.`
        return { refusal: refuse(422, detail, { partner, diagnostics }) }
      }
      fates.push({ partner, outcome: isOther ? 'replaced' : 'registered' })
    }
  }
  return { definitions: fates }
}
