import type { PartnerDefinition } from './definition.ts'
import { nearest } from './nearest.ts'

export type PickedPartners =
  | { readonly ok: true; readonly definitions: readonly PartnerDefinition[] }
  /** One sentence that names the partner that is not there, and the nearest that is. */
  | { readonly ok: false; readonly detail: string }

/** The partners of these names, all where none is named; in the order of the definitions. */
export function pickPartners(definitions: readonly PartnerDefinition[], names: readonly string[]): PickedPartners {
  const known = definitions.map(({ partner }) => partner)
  const missing = names.find((name) => !known.includes(name))
  if (missing !== undefined) return { ok: false, detail: explainMissing(missing, known) }
  const picked = names.length === 0 ? definitions : definitions.filter(({ partner }) => names.includes(partner))
  return { ok: true, definitions: picked }
}

function explainMissing(name: string, known: readonly string[]): string {
  const suggestion = nearest(name, known)
  const listed = known.length === 0 ? 'there is none yet' : `there are ${known.slice(0, 20).join(', ')}`
  const remedy = suggestion === undefined ? listed : `did you mean "${suggestion}"?`
  return `There is no partner ${JSON.stringify(name.slice(0, 100))}; ${remedy}${remedy.endsWith('?') ? '' : '.'}`
}
