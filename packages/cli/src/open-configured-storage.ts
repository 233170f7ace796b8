import type { Storage } from '@imnot/core'
import { type Config, openStorage } from '@imnot/node'
import { firstPartyStorages } from './first-party-storages.ts'
import { importModule } from './import-module.ts'
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
  const importStorage = (specifier: string) => firstPartyStorages[specifier]?.() ?? importModule(specifier, cwd)
  return openStorage(storage, { cwd, encryption, importModule: importStorage, onWarning: note })
}
