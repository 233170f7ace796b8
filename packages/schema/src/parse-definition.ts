import { decodeText } from './decode-text.ts'
import type { PartnerDefinition } from './definition.ts'
import type { DefinitionFiles } from './definition-files.ts'
import type { Diagnostic } from './diagnostic.ts'
import { offsetOf } from './locate.ts'
import type { PatternSchema } from './patterns/pattern.ts'
import { builtinPatterns } from './patterns/registry.ts'
import type { Problem, ValuePath } from './problem.ts'
import { readYaml } from './read-yaml.ts'
import { positionsIn } from './text-position.ts'
import { arrange, fromProblem, fromTextFault } from './to-diagnostics.ts'
import { toPlain } from './to-plain.ts'
import { validateDefinition } from './validate-definition.ts'

/** A definition that can be served. */
export interface ParsedDefinition {
  definition: PartnerDefinition
  file: string
  /** The text that was parsed, without its byte order mark. */
  source: string
  /** Where the value at this path stands, or the nearest value around it; counted from 1. */
  locate(path: ValuePath): { line: number; column: number }
  /** What stands beside it, where it came from a folder. Whoever loads it gives them. */
  files?: DefinitionFiles
}

/** Either a definition without a fault, or every fault of the file; `partner` where at least its name could be read. */
export type ParseResult =
  | { ok: true; parsed: ParsedDefinition }
  | { ok: false; diagnostics: Diagnostic[]; partner?: string }

export interface ParseOptions {
  /** The file's name in diagnostics. @default 'partner.yaml' */
  file?: string
  /** @default builtinPatterns */
  patterns?: readonly PatternSchema[]
}

/**
 * Reads the text of a `partner.yaml`. Whatever the text holds, the answer is a definition or diagnostics, never a throw.
 *
 * @example
 * const result = parseDefinition(await readFile('partners/acme/partner.yaml'), { file: 'partners/acme/partner.yaml' })
 * if (!result.ok) for (const diagnostic of result.diagnostics) console.error(formatDiagnostic(diagnostic))
 */
export function parseDefinition(text: string | Uint8Array, options: ParseOptions = {}): ParseResult {
  const { file = 'partner.yaml', patterns = builtinPatterns } = options
  const { source, fault } = decodeText(text)
  const position = positionsIn(source)
  if (fault) return { ok: false, diagnostics: [fromTextFault(fault, file, position)] }
  const { document, faults } = readYaml(source)
  if (!document) return { ok: false, diagnostics: arrange(faults.map((fault) => fromTextFault(fault, file, position))) }

  const tree = toPlain(document, source)
  const locate = (path: ValuePath, at?: Problem['at']) => position(offsetOf(document, tree.targets, path, at))
  const { definition, problems, partner } = validateDefinition(tree.value, patterns)
  if (definition && tree.faults.length === 0) {
    return { ok: true, parsed: { definition, file, source, locate: locatorOf(source) } }
  }
  const ofText = tree.faults.map((fault) => fromTextFault(fault, file, position))
  const ofValues = problems.map((problem) => fromProblem(problem, file, locate))
  const diagnostics = arrange([...ofText, ...withoutEchoes(ofValues, ofText)])
  return { ok: false, diagnostics, ...(partner !== undefined && { partner }) }
}

/**
 * Reads the text again when a place is first asked for: hardly any definition without a fault ever is, and the trees of a
 * thousand definitions are a hundred times their text.
 */
function locatorOf(source: string): ParsedDefinition['locate'] {
  let find: ParsedDefinition['locate'] | undefined
  return (path) => {
    find ??= createLocator(source)
    return find(path)
  }
}

function createLocator(source: string): ParsedDefinition['locate'] {
  const position = positionsIn(source)
  const { document } = readYaml(source)
  if (!document) return () => position(0)
  const { targets } = toPlain(document, source)
  return (path) => position(offsetOf(document, targets, path))
}

/** A value that could not be read is already reported: that it is then missing is no second fault. */
function withoutEchoes(ofValues: readonly Diagnostic[], ofText: readonly Diagnostic[]): Diagnostic[] {
  return ofValues.filter(({ line, column }) => !ofText.some((other) => other.line === line && other.column === column))
}
