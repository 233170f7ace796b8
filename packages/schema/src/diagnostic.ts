/** One fault of a partner definition, with the place where a person has to look. */
export interface Diagnostic {
  /** Stable name of the kind of fault, e.g. `unknown-key`. */
  code: string
  file: string
  /** Counted from 1. */
  line: number
  /** Counted from 1, in UTF-16 code units. */
  column: number
  /** One sentence: what was expected, what was found, what to do. */
  message: string
  expected?: string
  found?: string
  /** The nearest valid name, where there is one. */
  suggestion?: string
  /** Other places that take part in the fault, e.g. the first of two equal routes. */
  related?: RelatedPlace[]
}

export interface RelatedPlace {
  file: string
  line: number
  column: number
  message: string
}

/**
 * A diagnostic as compilers print it, so that terminals and editors make the place a link.
 *
 * @example
 * formatDiagnostic(diagnostic) // 'partner.yaml:7:9 Unknown key "pth" in an endpoint; did you mean "path"?'
 */
export function formatDiagnostic({ file, line, column, message }: Diagnostic): string {
  return `${file}:${line}:${column} ${message}`
}
