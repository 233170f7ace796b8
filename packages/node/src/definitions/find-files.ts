import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inParallel } from './in-parallel.ts'

/** A place that was looked at: a definition file, or what keeps it from being read. */
export type FoundFile =
  | { readonly path: string; readonly error: null }
  | { readonly path: string; readonly error: NodeJS.ErrnoException }

const fileNames = ['partner.yaml', 'partner.yml']

/**
 * The definition files of a folder, `NAME/partner.yaml`, sorted by name, after one that stands in the folder itself; a path to a
 * file is itself one. A missing folder has none.
 */
export async function findFiles(path: string): Promise<readonly FoundFile[]> {
  try {
    const { isDirectory } = await kindOf(path)
    if (!isDirectory) return [{ path, error: null }]
    const names = (await readdir(path)).sort()
    const found = await inParallel(names, 32, (name) => findInFolder(join(path, name)))
    return [...(await findInFolder(path)), ...found.flat()]
  } catch (caught) {
    const error = caught as NodeJS.ErrnoException
    const isMissingFolder = error.code === 'ENOENT' && !/\.ya?ml$/i.test(path)
    return isMissingFolder ? [] : [{ path, error }]
  }
}

async function kindOf(path: string): Promise<{ readonly isDirectory: boolean }> {
  return { isDirectory: (await stat(path)).isDirectory() }
}

async function findInFolder(folder: string): Promise<readonly FoundFile[]> {
  for (const name of fileNames) {
    const path = join(folder, name)
    try {
      await stat(path)
      return [{ path, error: null }]
    } catch (caught) {
      const error = caught as NodeJS.ErrnoException
      // ENOTDIR: a file beside the folders.
      if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') return [{ path, error }]
    }
  }
  return []
}
