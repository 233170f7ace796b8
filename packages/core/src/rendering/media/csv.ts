import { isMapping } from '../read-member.ts'
import { toText } from '../to-text.ts'

/** A list of mappings as CSV (RFC 4180) with the names of the members in the first line, in the order in which they first come; lists in a list are lines without names. */
export function writeCsv(value: unknown): string {
  const rows = [value].flat(1) as unknown[]
  const lists = isListOfLists(value) ? (value as readonly unknown[][]) : null
  if (lists !== null) return lists.map(writeLine).join('')
  const names = [...new Set(rows.flatMap((row) => (isMapping(row) ? Object.keys(row) : [])))]
  if (names.length === 0) return rows.map((row) => writeLine([row])).join('')
  const lines = rows.map((row) => names.map((name) => (isMapping(row) ? row[name] : undefined)))
  return [names, ...lines].map(writeLine).join('')
}

function isListOfLists(value: unknown): boolean {
  return Array.isArray(value) && value.length > 0 && value.every(Array.isArray)
}

function writeLine(cells: readonly unknown[]): string {
  return `${cells.map((cell) => quoted(toText(cell))).join(',')}\r\n`
}

function quoted(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
