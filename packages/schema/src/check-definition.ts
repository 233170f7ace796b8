import { copyPlain } from './copy-plain.ts'
import type { ParseOptions, ParseResult } from './parse-definition.ts'
import { builtinPatterns } from './patterns/registry.ts'
import { formatPath, type Problem } from './problem.ts'
import { arrange, fromProblem } from './to-diagnostics.ts'
import { validateDefinition } from './validate-definition.ts'

/**
 * Checks a definition that is given as an object in code. It has no lines: every diagnostic is at 1:1 and its message
 * begins with the path. The object is copied, so that a later change to it changes nothing.
 *
 * @example
 * checkDefinition({ partner: 'acme', datapoints: [{ name: 'ping', pattern: 'static', endpoints: [{ method: 'GET', path: '/ping' }] }] })
 */
export function checkDefinition(value: unknown, options: ParseOptions = {}): ParseResult {
  const { file = 'partner.yaml', patterns = builtinPatterns } = options
  const copy = copyPlain(value)
  const { definition, problems, partner } = validateDefinition(copy.value, patterns)
  const start = () => ({ line: 1, column: 1 })
  if (definition && copy.problems.length === 0)
    return { ok: true, parsed: { definition, file, source: '', locate: start } }
  const all = [...copy.problems, ...problems].map(withPath)
  const diagnostics = arrange(all.map((problem) => fromProblem(problem, file, start)))
  return { ok: false, diagnostics, ...(partner !== undefined && { partner }) }
}

function withPath(problem: Problem): Problem {
  const path = formatPath(problem.path)
  return path === '' ? problem : { ...problem, message: `${path}: ${problem.message}` }
}
