import { readFileSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { setImmediate as others } from 'node:timers/promises'
import { type Diagnostic, type ParseResult, type PatternSchema, parseDefinition } from '@imnot/schema'
import type { FoundFile } from './find-files.ts'
import { type FolderFiles, folderFiles } from './folder-files.ts'

const maxBytes = 1_048_576

/** The bytes that a result was parsed from, so that an unchanged file is not parsed again. */
export interface ReadDefinition {
  readonly bytes: Buffer | null
  readonly result: ParseResult
  /** Those beside it; null where it cannot be served. */
  readonly files: FolderFiles | null
}

/** Never throws: what cannot be read is a definition with a fault. `file` is the name for people. */
export async function readDefinition(
  found: FoundFile,
  file: string,
  last: ReadDefinition | undefined,
  patterns: readonly PatternSchema[],
): Promise<ReadDefinition> {
  if (found.error !== null) return unreadable(file, found.error)
  try {
    // Between two definitions the requests of a running server have their turn.
    await others()
    const bytes = readLimited(found.path)
    if (bytes === null) return fault(file, 'too-large', tooLarge)
    if (last?.bytes?.equals(bytes)) return last.files?.isStale() ? beside(found.path, bytes, last.result) : last
    return beside(found.path, bytes, parseDefinition(bytes, { file, patterns }))
  } catch (error) {
    return unreadable(file, error as NodeJS.ErrnoException)
  }
}

function beside(path: string, bytes: Buffer, result: ParseResult): ReadDefinition {
  if (!result.ok) return { bytes, result, files: null }
  const files = folderFiles(dirname(path))
  return { bytes, result: { ok: true, parsed: { ...result.parsed, files } }, files }
}

const tooLarge = 'A definition may have at most 1 MiB, found a larger file; upload large answers as payloads.'

/**
 * Null for a file above the limit, of which nothing is read. At once: a thousand small files take 30 ms so, and half a second
 * by promises.
 */
function readLimited(path: string): Buffer | null {
  const stats = statSync(path)
  // A pipe or a device has no size and might have no end.
  if (!stats.isFile()) throw new Error('it is no regular file')
  return stats.size > maxBytes ? null : readFileSync(path)
}

function unreadable(file: string, error: NodeJS.ErrnoException): ReadDefinition {
  return fault(
    file,
    'unreadable',
    `This definition could not be read (${error.code ?? error.message}); ${remedyOf(error)}.`,
  )
}

function remedyOf({ code }: NodeJS.ErrnoException): string {
  if (code === 'EACCES' || code === 'EPERM') return 'give imnot the right to read it'
  return code === 'ENOENT' ? 'check the path' : 'check the file'
}

function fault(file: string, code: string, message: string): ReadDefinition {
  const diagnostic: Diagnostic = { code, file, line: 1, column: 1, message }
  return { bytes: null, result: { ok: false, diagnostics: [diagnostic] }, files: null }
}
