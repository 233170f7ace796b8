import type { Ajv } from 'ajv'

/** A text that is longer is of no format that a pattern describes. */
const longestFormatted = 8192

/**
 * Keeps a consumer from making a schema slow: formats are patterns that may take time in the square of a text, and unique items
 * are compared each with each.
 */
export function boundTime(ajv: Ajv): void {
  for (const [name, format] of Object.entries(ajv.formats)) {
    if (!(format instanceof RegExp)) continue
    ajv.addFormat(name, (text: string) => text.length <= longestFormatted && format.test(text))
  }
  ajv.removeKeyword('uniqueItems')
  ajv.addKeyword({
    keyword: 'uniqueItems',
    type: 'array',
    schemaType: 'boolean',
    error: { message: 'must NOT have duplicate items' },
    validate: (isUnique: boolean, items: readonly unknown[]) =>
      !isUnique || new Set(items.map((item) => canonical(item))).size === items.length,
  })
}

/** The same text for equal values, whatever the order of members. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => {
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(Object.entries(inner).sort(([one], [other]) => (one < other ? -1 : 1)))
  })
}
