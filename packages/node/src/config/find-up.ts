import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

/** The nearest file or folder of that name in `from` or above it; null where there is none. */
export async function findUp(name: string, kind: 'file' | 'folder', from: string): Promise<string | null> {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, name)
    if (await isOfKind(path, kind)) return path
    if (folder === dirname(folder)) return null
  }
}

export async function isOfKind(path: string, kind: 'file' | 'folder'): Promise<boolean> {
  try {
    const stats = await stat(path)
    return kind === 'file' ? stats.isFile() : stats.isDirectory()
  } catch {
    return false
  }
}
