import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))

/** Where the last successful install and builds are remembered. It goes with node_modules. */
export const stampFile = join(root, 'node_modules', '.bootstrap-stamp')

/** The manifest of the workspace root. */
export function rootManifest() {
  return JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
}
