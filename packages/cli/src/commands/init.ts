import { cp, mkdir, readdir, stat } from 'node:fs/promises'
import { join, relative, resolve } from 'node:path'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import { templatesFolder } from '../templates-folder.ts'

interface InitOptions {
  readonly dir?: string
  readonly json?: boolean
}

export const defineInit: DefineCommand = (command, terminal) => {
  command
    .option('--dir <dir>', 'folder to write to (default: this one)')
    .option('--json', 'answer in JSON')
    .addHelpText('after', examples('imnot init', 'imnot init --dir mocks'))
    .action(async ({ dir = '.', json: isJson }: InitOptions) => {
      const target = resolve(terminal.cwd, dir)
      const files = await filesBelow(templatesFolder())
      await refuseOverwriting(target, dir)
      for (const file of files) {
        await mkdir(resolve(target, file, '..'), { recursive: true })
        // Whatever appeared since is kept as well.
        await cp(join(templatesFolder(), file), join(target, file), { force: false, errorOnExist: true })
      }
      if (isJson) return terminal.out(json({ status: 'ok', directory: target, files }))
      const shown = files.map((file) => `  ${join(relative(terminal.cwd, target), file)}`)
      const next = dir === '.' ? 'imnot start' : `cd ${dir} && imnot start`
      terminal.out(`Written:\n${shown.join('\n')}\n\nNext: ${next}`)
    })
}

/** Nothing is written unless all can be. */
async function refuseOverwriting(target: string, dir: string): Promise<void> {
  for (const place of ['imnot.yaml', 'partners/staylink', 'partners/bookingco']) {
    const isThere = await stat(join(target, place)).then(
      () => true,
      () => false,
    )
    if (isThere) {
      throw new CommandFailure(
        `${join(dir, place)} is there already, and init overwrites nothing; choose another folder with --dir, or remove it.`,
      )
    }
  }
}

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .sort()
}
