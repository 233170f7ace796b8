import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type CustomPattern, ImnotError, isPattern } from '@imnot/core'

export interface LoadPatternsOptions {
  /** Relative paths start here. @default the folder of the process */
  readonly cwd?: string
  /** Imports from the program's own place, so that packages are found that are installed there. */
  readonly importModule: (specifier: string) => Promise<unknown>
}

/**
 * The patterns that these modules export, by default or by name: `./patterns/queue.js`, or the name of a package. Throws
 * `PATTERN_INVALID` for a module that is not there, fails, or exports none.
 *
 * @example
 * const patterns = await loadPatterns(['./queue.js'], { importModule: (specifier) => import(specifier) })
 */
export async function loadPatterns(
  modules: readonly string[],
  { cwd = process.cwd(), importModule }: LoadPatternsOptions,
): Promise<readonly CustomPattern[]> {
  const found = await Promise.all(modules.map((module) => patternsOf(module, specifierOf(module, cwd), importModule)))
  return [...new Set(found.flat())]
}

async function patternsOf(
  module: string,
  specifier: string,
  importModule: LoadPatternsOptions['importModule'],
): Promise<readonly CustomPattern[]> {
  const exported = await importModule(specifier).catch((cause: unknown) => {
    const reason = cause instanceof Error ? cause.message.replace(/\.$/, '') : String(cause)
    throw new ImnotError('PATTERN_INVALID', `The module of patterns ${module} cannot be loaded: ${reason}.`, { cause })
  })
  const patterns = valuesOf(exported).filter(isPattern)
  if (patterns.length > 0) return patterns
  throw new ImnotError(
    'PATTERN_INVALID',
    `The module ${module} exports no pattern; export what definePattern makes, by name or by default.`,
  )
}

/** Of a CommonJS module what it exports is the default, and so is a list of patterns. */
function valuesOf(exported: unknown): unknown[] {
  if (typeof exported !== 'object' || exported === null) return []
  return Object.entries(exported).flatMap(([name, value]) => {
    if (Array.isArray(value)) return value
    return name === 'default' && !isPattern(value) ? valuesOf(value) : [value]
  })
}

function specifierOf(module: string, cwd: string): string {
  return isPath(module) ? pathToFileURL(resolve(cwd, module)).href : module
}

/** What begins with a dot or a slash, or names a file of code, is a path. */
export function isPath(module: string): boolean {
  return /^\.{0,2}[/\\]|^[A-Za-z]:[/\\]/.test(module) || (/\.[cm]?[jt]s$/.test(module) && !module.startsWith('@'))
}
