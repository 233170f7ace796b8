import { stat } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { type Diagnostic, formatDiagnostic } from '@imnot/schema'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { checkDefinitions } from '../definitions/check-definitions.ts'
import { configuredPatterns, withPatternOption } from '../definitions/configured-patterns.ts'
import { exitCodes } from '../exit-codes.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import type { Terminal } from '../output/terminal.ts'
import { readSettings } from '../settings.ts'

interface ValidateOptions {
  readonly partnersDir?: string
  readonly pattern?: readonly string[]
  readonly json?: boolean
}

export const defineValidate: DefineCommand = (command, terminal) => {
  withPatternOption(command)
    .argument('[path...]', 'definition files, or folders of them; without it the partners folder')
    .option('--partners-dir <dir>', 'folder of the partners')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      examples('imnot validate', 'imnot validate partners/acme/partner.yaml', 'imnot validate partners --json'),
    )
    .action(async (paths: string[], options: ValidateOptions) => {
      const settings = await readSettings(terminal, options)
      const chosen = paths.length > 0 ? paths : [settings.partnersDir]
      const places = await Promise.all(chosen.map((path) => definitionPlace(terminal, path)))
      const { definitions, failed } = await checkDefinitions(
        places,
        terminal.cwd,
        await configuredPatterns(settings, terminal.cwd),
      )
      const diagnostics = failed.flatMap((failure) => failure.diagnostics)
      const valid = definitions.map(({ file }) => file)
      if (diagnostics.length > 0) return report(terminal, diagnostics, valid, options)
      if (valid.length === 0) {
        throw new CommandFailure(
          `No definition found in ${chosen.join(', ')}; a folder of definitions holds NAME/partner.yaml.`,
        )
      }
      if (options.json) return terminal.out(json({ status: 'ok', files: valid, diagnostics: [] }))
      terminal.out(`${valid.length === 1 ? '1 definition is' : `${valid.length} definitions are`} valid.`)
    })
}

/** The folder of one partner means the file in it. */
async function definitionPlace(terminal: Terminal, path: string): Promise<string> {
  const place = resolve(terminal.cwd, path)
  if (!(await isThere(place))) {
    throw new CommandFailure(`There is no ${path}; name a definition file or a folder that holds NAME/partner.yaml.`)
  }
  for (const name of ['partner.yaml', 'partner.yml']) {
    if (await isThere(join(place, name))) return join(place, name)
  }
  return place
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

function report(
  terminal: Terminal,
  diagnostics: readonly Diagnostic[],
  valid: readonly string[],
  { json: isJson }: ValidateOptions,
): never {
  const files = new Set(diagnostics.map(({ file }) => file)).size
  const faults = diagnostics.length === 1 ? '1 fault' : `${diagnostics.length} faults`
  const summary = `${faults} in ${files === 1 ? '1 file' : `${files} files`}.`
  if (!isJson) for (const diagnostic of diagnostics) terminal.out(formatDiagnostic(diagnostic))
  throw new CommandFailure(summary, exitCodes.failure, { files: valid, diagnostics })
}
