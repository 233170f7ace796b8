import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Storage } from '@imnot/core'
import { type Config, openStorage } from '@imnot/node'
import { firstPartyStorages } from './first-party-storages.ts'
import type { Terminal } from './output/terminal.ts'

/** Where paths start, and who is told of a database that may lose data. */
export type StorageTerminal = Pick<Terminal, 'cwd' | 'note'>

export type StorageSettings = Pick<Config, 'storage' | 'encryption'>

/** The storage that the configuration names; its module may be installed beside the command or in the user's own project. */
export function openConfiguredStorage(
  { storage, encryption }: StorageSettings,
  terminal: StorageTerminal,
): Promise<Storage> {
  const { cwd, note } = terminal
  const importModule = (specifier: string) => firstPartyStorages[specifier]?.() ?? importFrom(specifier, cwd)
  return openStorage(storage, { cwd, encryption, importModule, onWarning: note })
}

async function importFrom(specifier: string, cwd: string): Promise<unknown> {
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
