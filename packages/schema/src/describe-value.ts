/** What was found, as a noun phrase for the end of "expected …, found …". */
export function describeValue(value: unknown): string {
  if (value === null || value === undefined) return 'nothing (null)'
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list'
  if (typeof value === 'object') return 'a mapping'
  if (typeof value === 'string') return value === '' ? 'empty text' : shorten(JSON.stringify(value))
  if (typeof value === 'boolean') return `the truth value ${value}`
  if (typeof value === 'number') return `the number ${value}`
  return `a ${typeof value}`
}

/** How to write a value that YAML took for something else than text. */
export function quotingHint(key: string, value: unknown): string {
  if (typeof value === 'number' || typeof value === 'boolean') return `; put it in quotes, ${key}: "${value}"`
  return ''
}

/** How to write a value that quotes, or a word of older YAML, made text. */
export function unquotingHint(key: string, expected: string, found: unknown): string {
  if (typeof found !== 'string') return ''
  if (expected === 'boolean') return /^(true|yes|on)$/i.test(found) ? `; write ${key}: true` : ''
  const wantsNumber = expected === 'number' || expected === 'int'
  return wantsNumber && /^\d+$/.test(found) ? `; leave the quotes out, ${key}: ${found}` : ''
}

function shorten(text: string): string {
  return text.length > 80 ? `${text.slice(0, 76)}…"` : text
}
