import { dirname, join } from 'node:path'
import { type Config, type ConfigFlags, readConfig } from '@imnot/node'
import type { Terminal } from './output/terminal.ts'

/** The configuration, with a partners folder also where none is there yet. */
export type Settings = Omit<Config, 'partnersDir'> & { readonly partnersDir: string }

export async function readSettings({ cwd, env }: Terminal, flags: ConfigFlags = {}): Promise<Settings> {
  const config = await readConfig({ cwd, env, flags })
  const home = config.configFile === null ? cwd : dirname(config.configFile)
  return { ...config, partnersDir: config.partnersDir ?? join(home, 'partners') }
}
