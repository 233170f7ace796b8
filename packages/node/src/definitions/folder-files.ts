import { readFileSync, realpathSync, statSync } from 'node:fs'
import { resolve, sep } from 'node:path'
import type { DefinitionFiles } from '@imnot/schema'

/** The files in the folder of a definition, each read once. */
export interface FolderFiles extends DefinitionFiles {
  /** Whether one of those that were asked for is another by now. */
  isStale(): boolean
}

const maxBytes = 50 * 1_048_576

type Found = ReturnType<DefinitionFiles['read']>

/** At once, as definitions are compiled. A path that leads out of the folder, also by a link, is refused. */
export function folderFiles(folder: string): FolderFiles {
  const read = new Map<string, { readonly found: Found; readonly mark: string }>()
  return {
    read(name) {
      const known = read.get(name)
      if (known !== undefined) return known.found
      const mark = markOf(folder, name)
      const found = readInside(folder, name)
      read.set(name, { found, mark })
      return found
    },
    isStale: () => [...read].some(([name, { mark }]) => markOf(folder, name) !== mark),
  }
}

function readInside(folder: string, name: string): Found {
  try {
    const root = realpathSync(folder)
    const path = realpathSync(resolve(root, name))
    if (!path.startsWith(root.endsWith(sep) ? root : root + sep))
      return refused(`it leads out of the folder of the definition, to ${path}; put it into that folder`)
    const stats = statSync(path)
    if (!stats.isFile()) return refused('it is no regular file; name a file')
    if (stats.size > maxBytes) return refused('it is larger than 50 MiB; upload it as a payload')
    return { ok: true, bytes: readFileSync(path) }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return refused('there is no such file in the folder of the definition; check its name')
    return refused(code === 'EACCES' ? 'imnot has no right to read it' : (code ?? message))
  }
}

function refused(reason: string): Found {
  return { ok: false, reason }
}

/** Another one after each change, as far as the file system tells. */
function markOf(folder: string, name: string): string {
  try {
    const { ino, size, mtimeMs, ctimeMs } = statSync(resolve(folder, name))
    return [ino, size, mtimeMs, ctimeMs].join()
  } catch {
    return 'absent'
  }
}
