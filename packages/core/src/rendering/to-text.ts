import { isHeaderView } from './read-member.ts'
import { keptText } from './verbatim.ts'

/** A value inside text: nothing and null are empty, lists and mappings are JSON. */
export function toText(value: unknown): string {
  if (typeof value === 'string') return value
  if (value === undefined || value === null) return ''
  if (typeof value === 'object') return keptText(value) ?? JSON.stringify(toPlainData(value)) ?? ''
  return typeof value === 'function' || typeof value === 'symbol' ? '' : String(value)
}

/** Text inside XML or HTML; both know these five. */
export function toEscapedText(value: unknown): string {
  return toText(value).replaceAll(/[&<>"']/g, (character) => entities[character] ?? character)
}

/** Headers become a mapping; all else is data already. */
export function toPlainData(value: unknown): unknown {
  return isHeaderView(value) ? Object.fromEntries(value.entries()) : value
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
