import type { Diagnostic } from './diagnostic.ts'
import type { Problem } from './problem.ts'
import type { TextFault } from './text-fault.ts'
import type { TextPosition } from './text-position.ts'

const maxDiagnostics = 100

/** A fault of the text, as what users see. */
export function fromTextFault(fault: TextFault, file: string, position: (offset: number) => TextPosition): Diagnostic {
  const { offset, related, ...rest } = fault
  const places = related?.map((place) => ({ file, ...position(place.offset), message: place.message }))
  return { ...rest, file, ...position(offset), ...(places && { related: places }) }
}

/** A fault of the values, as what users see. */
export function fromProblem(
  problem: Problem,
  file: string,
  locate: (path: Problem['path'], at?: Problem['at']) => TextPosition,
): Diagnostic {
  const { path, at, related, ...rest } = problem
  const places = related?.map((place) => ({ file, ...locate(place.path), message: place.message }))
  return { ...rest, file, ...locate(path, at), ...(places && { related: places }) }
}

/** In the order of the file, each once (an alias repeats the faults of its anchor), and not more than anyone reads. */
export function arrange(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = [...diagnostics].sort((one, other) => one.line - other.line || one.column - other.column)
  const seen = new Set<string>()
  const unique = sorted.filter(({ line, column, message }) => {
    const key = `${line}:${column} ${message}`
    return !seen.has(key) && seen.add(key)
  })
  return unique.slice(0, maxDiagnostics)
}
