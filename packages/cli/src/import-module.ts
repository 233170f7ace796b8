import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Imports a module that is installed beside the command, or in the user's own project. */
export async function importModule(specifier: string, cwd: string): Promise<unknown> {
  try {
    return await import(specifier)
  } catch (error) {
    const found = specifier.startsWith('file:') ? null : resolveFrom(specifier, cwd)
    if (found === null) throw error
    return import(pathToFileURL(found).href)
  }
}

function resolveFrom(specifier: string, cwd: string): string | null {
  try {
    return createRequire(join(cwd, 'imnot.yaml')).resolve(specifier)
  } catch {
    return null
  }
}
