import type { Diagnostic, ValuePath } from '@imnot/schema'
import { DefinitionFault } from '../definition-fault.ts'
import type { FailedDefinition } from '../ports/definition-source.ts'
import type { CompileFault } from '../routing/compile.ts'

/** Why a definition cannot be served, at the place where a person has to look. */
export function explainFault({ parsed, error }: CompileFault): Diagnostic {
  const { definition, file, locate } = parsed
  const text = error instanceof DefinitionFault ? error.text : null
  const path = text === null ? [] : (findText(definition, text, []) ?? [])
  const message = error instanceof Error ? error.message : String(error)
  return { code: 'cannot-compile', file, ...locate(path), message }
}

export function failedBy(fault: CompileFault): FailedDefinition {
  const { file, definition } = fault.parsed
  return { file, partner: definition.partner, diagnostics: [explainFault(fault)] }
}

/** The path to the first value or key that is this text. */
function findText(value: unknown, text: string, path: ValuePath): ValuePath | null {
  if (value === text) return path
  if (typeof value !== 'object' || value === null) return null
  for (const [key, inner] of Object.entries(value)) {
    const here = [...path, Array.isArray(value) ? Number(key) : key]
    if (key === text) return here
    const found = findText(inner, text, here)
    if (found !== null) return found
  }
  return null
}
