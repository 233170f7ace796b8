import type { CustomPattern } from '@imnot/core'
import { loadPatterns } from '@imnot/node'
import type { Command } from 'commander'
import { importModule } from '../import-module.ts'
import type { Settings } from '../settings.ts'

/** The patterns of the user's own that the configuration names. */
export function configuredPatterns({ patterns }: Pick<Settings, 'patterns'>, cwd: string) {
  return patterns.length === 0
    ? Promise.resolve<readonly CustomPattern[]>([])
    : loadPatterns(patterns, { cwd, importModule: (specifier) => importModule(specifier, cwd) })
}

/** Gives a command the option that names modules of patterns. */
export function withPatternOption(command: Command): Command {
  const collect = (module: string, earlier: readonly string[] = []) => [...earlier, module]
  return command.option('--pattern <module>', 'module of patterns of your own; may come several times', collect)
}
