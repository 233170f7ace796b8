const longest = 60

/** A value in a sentence, as JSON, not longer than a person reads. */
export function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`
}
