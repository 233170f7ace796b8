import { ImnotError, type LoadedDefinitions } from '@imnot/core'
import { formatDiagnostic, type ParseResult, type PatternSchema, parseDefinition } from '@imnot/schema'

/** A definition that stands in the program: the text of a `partner.yaml`, or the same as an object. */
export type InlineDefinition = string | object

export interface ReadInline {
  /** For people: `definitions[0]`. */
  readonly name: string
  readonly result: ParseResult
}

/** An object's faults are placed in it as it looks in indented JSON. */
export function readInline(
  definitions: readonly InlineDefinition[],
  patterns: readonly PatternSchema[],
): readonly ReadInline[] {
  return definitions.map((definition, index) => {
    const name = inlineName(index)
    const text = typeof definition === 'string' ? definition : JSON.stringify(definition, null, 2)
    return { name, result: parseDefinition(text, { file: name, patterns }) }
  })
}

/**
 * A file may be faulty while others are served; what stands in the program is the program's own mistake. Throws
 * `DEFINITION_INVALID` with every fault.
 */
export function assertInlineServed(count: number, { failed }: LoadedDefinitions): void {
  const names = new Set(Array.from({ length: count }, (_, index) => inlineName(index)))
  const faults = failed.filter(({ file }) => names.has(file)).flatMap(({ diagnostics }) => diagnostics)
  if (faults.length > 0) throw new ImnotError('DEFINITION_INVALID', faults.map(formatDiagnostic).join('\n'))
}

function inlineName(index: number): string {
  return `definitions[${index}]`
}
