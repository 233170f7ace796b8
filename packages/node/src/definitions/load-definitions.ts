import { isAbsolute, relative, resolve } from 'node:path'
import type { DefinitionSource, FailedDefinition, LoadedDefinitions } from '@imnot/core'
import { builtinPatterns, type Diagnostic, type ParsedDefinition, type PatternSchema } from '@imnot/schema'
import { findFiles } from './find-files.ts'
import { inParallel } from './in-parallel.ts'
import { type InlineDefinition, type ReadInline, readInline } from './inline-definitions.ts'
import { type ReadDefinition, readDefinition } from './read-definition.ts'

export interface LoadOptions {
  /** Relative paths start here, and files are named relative to it. @default the folder of the process */
  readonly cwd?: string
  /** Definitions that stand in the program, before those of the paths. @default [] */
  readonly inline?: readonly InlineDefinition[]
  /** Patterns of the user's own, beside the built-in ones. @default [] */
  readonly patterns?: readonly PatternSchema[]
}

/**
 * A source that reads definitions from folders holding `NAME/partner.yaml`, or from files. It reads anew at each call and
 * parses what has changed since the last; it never rejects for what it finds there.
 */
export function loadDefinitions(paths: readonly string[], options: LoadOptions = {}): DefinitionSource {
  const { cwd = process.cwd(), inline = [] } = options
  const patterns = [...builtinPatterns, ...(options.patterns ?? [])]
  const standing = readInline(inline, patterns)
  let last = new Map<string, ReadDefinition>()

  return async () => {
    const found = (await inParallel(paths, 4, (path) => findFiles(resolve(cwd, path)))).flat()
    // A file that two of the paths lead to is one definition.
    const files = [...new Map(found.map((file) => [file.path, file])).values()]
    const read = await inParallel(files, 32, async (file) => {
      const name = displayName(file.path, cwd)
      return { path: file.path, name, ...(await readDefinition(file, name, last.get(file.path), patterns)) }
    })
    last = new Map(read.map((one) => [one.path, one]))
    return sortOut([...standing, ...read])
  }
}

/** A partner has one definition: the first keeps the name. */
function sortOut(reads: readonly ReadInline[]): LoadedDefinitions {
  const parsed = new Map<string, ParsedDefinition>()
  const failed: FailedDefinition[] = []
  for (const { name, result } of reads) {
    if (!result.ok) {
      failed.push({ file: name, partner: result.partner ?? null, diagnostics: result.diagnostics })
      continue
    }
    const { partner } = result.parsed.definition
    const earlier = parsed.get(partner)
    if (earlier === undefined) parsed.set(partner, result.parsed)
    else failed.push({ file: name, partner, diagnostics: [duplicate(partner, result.parsed, earlier)] })
  }
  return { parsed: [...parsed.values()], failed }
}

function duplicate(partner: string, later: ParsedDefinition, earlier: ParsedDefinition): Diagnostic {
  const place = { file: earlier.file, ...earlier.locate(['partner']) }
  return {
    code: 'duplicate-partner',
    file: later.file,
    ...later.locate(['partner']),
    message:
      `Partner "${partner}" of ${later.file} is already defined in ${place.file}:${place.line}:${place.column}; ` +
      'rename one of them or remove it.',
    related: [{ ...place, message: `the first definition of ${partner}` }],
  }
}

/** Relative to the working folder where the file is inside it, so that terminals make a link of it. */
function displayName(path: string, cwd: string): string {
  const inside = relative(cwd, path)
  return inside.startsWith('..') || isAbsolute(inside) ? path : inside
}
