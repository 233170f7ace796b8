import { DefinitionFault } from '../definition-fault.ts'
import { library } from '../libraries.ts'

/** A pattern of a definition. It takes time in proportion to the text, whatever the pattern. */
export interface Pattern {
  /** Whether it matches anywhere in the text. */
  test(text: string): boolean
  /** The whole match and its groups; null where it matches nowhere. */
  groups(text: string): readonly (string | null)[] | null
}

const most = 500
const compiled = new Map<string, Pattern>()

/** Throws a `DefinitionFault` where a declared pattern is none. */
export function checkPattern(source: string): void {
  library('re2')
  try {
    compilePattern(source)
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    const message = `The pattern ${JSON.stringify(source)} cannot be used: ${reason}; patterns are RE2's, without look-around and back references.`
    throw new DefinitionFault(message, source)
  }
}

/** Throws where the pattern is none (RE2 syntax: no look-around, no back references). */
export function compilePattern(source: string): Pattern {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const { RE2JS } = library('re2')
  const re2 = RE2JS.compile(source)
  const pattern: Pattern = {
    test: (text) => re2.matcher(text).find(),
    groups(text) {
      const matcher = re2.matcher(text)
      if (!matcher.find()) return null
      return Array.from({ length: matcher.groupCount() + 1 }, (_, index) => matcher.group(index))
    },
  }
  // A pattern may be made of a request's values: what is remembered has a bound.
  if (compiled.size >= most) compiled.clear()
  compiled.set(source, pattern)
  return pattern
}
