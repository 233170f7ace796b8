import { readFile, stat } from 'node:fs/promises'
import { basename, dirname, join, relative, resolve } from 'node:path'
import type { CustomPattern } from '@imnot/core'
import {
  builtinPatterns,
  type Diagnostic,
  findRouteConflicts,
  formatDiagnostic,
  type ParsedDefinition,
  parseDefinition,
  stripToYaml,
} from '@imnot/schema'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { checkDefinitions } from '../definitions/check-definitions.ts'
import { configuredPatterns, withPatternOption } from '../definitions/configured-patterns.ts'
import { type DescribedDefinition, describeDefinition } from '../definitions/describe-definition.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeBeside } from '../files/write-beside.ts'
import { columns } from '../output/columns.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import type { Terminal } from '../output/terminal.ts'
import { readSettings } from '../settings.ts'

interface GenerateOptions {
  readonly pattern?: readonly string[]
  readonly file?: string
  readonly dryRun?: boolean
  readonly force?: boolean
  readonly partnersDir?: string
  readonly json?: boolean
}

export const defineGenerate: DefineCommand = (command, terminal) => {
  withPatternOption(command)
    .option('--file <file>', 'the YAML, or a chat answer that holds it (default: standard input)')
    .option('--dry-run', 'check it and write nothing')
    .option('--force', 'overwrite a partner of the same name')
    .option('--partners-dir <dir>', 'folder of the partners')
    .option('--json', 'answer in JSON')
    .addHelpText(
      'after',
      examples(
        'imnot generate < answer.txt',
        'pbpaste | imnot generate --dry-run',
        'imnot generate --file acme.yaml --force',
      ),
    )
    .action(async (options: GenerateOptions) => {
      const settings = await readSettings(terminal, { partnersDir: options.partnersDir, pattern: options.pattern })
      const { partnersDir } = settings
      const patterns = await configuredPatterns(settings, terminal.cwd)
      const text = stripToYaml(await readText(terminal, options))
      const parsed = parse(terminal, text, { options, patterns })
      const file = join(partnersDir, parsed.definition.partner, 'partner.yaml')
      await refuseConflicts(terminal, parsed, { partnersDir, file, options, patterns })
      const exists = await isThere(file)
      if (exists && !options.force && !options.dryRun) {
        throw new CommandFailure(`${relative(terminal.cwd, file)} is there already; overwrite it with --force.`)
      }
      if (!options.dryRun) await writeBeside(file, text)
      const described = describeDefinition(parsed.definition, [...builtinPatterns, ...patterns])
      const result = { status: 'ok', ...described, directory: dirname(file), file, created: !options.dryRun && !exists }
      if (options.json) return terminal.out(json(options.dryRun ? { ...result, dry_run: true } : result))
      const done = options.dryRun ? 'Valid; it would be' : exists ? 'Overwritten:' : 'Written:'
      terminal.out(`${done} ${relative(terminal.cwd, file)}\n\n${routeList(described)}`)
    })
}

async function readText(terminal: Terminal, { file }: GenerateOptions): Promise<string> {
  if (file !== undefined && file !== '-') {
    const bytes = await readFile(resolve(terminal.cwd, file)).catch((error: Error) => {
      throw new CommandFailure(`The definition cannot be read: ${error.message}.`)
    })
    return decode(bytes)
  }
  if (terminal.isInteractive) terminal.note('Paste the YAML or the whole answer, then end it with Ctrl-D.')
  return decode(await terminal.readInput())
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new CommandFailure('The definition must be text in UTF-8, found other bytes; save it as UTF-8.')
  }
}

interface ParseWith {
  readonly options: GenerateOptions
  readonly patterns: readonly CustomPattern[]
}

function parse(terminal: Terminal, text: string, { options, patterns }: ParseWith): ParsedDefinition {
  const file = options.file === undefined || options.file === '-' ? 'pasted.yaml' : basename(options.file)
  const result = parseDefinition(text, { file, patterns: [...builtinPatterns, ...patterns] })
  return result.ok ? result.parsed : refuse(terminal, result.diagnostics, text, options)
}

async function refuseConflicts(
  terminal: Terminal,
  parsed: ParsedDefinition,
  { partnersDir, file, options, patterns }: ParseWith & { readonly partnersDir: string; readonly file: string },
): Promise<void> {
  const { definitions } = await checkDefinitions([partnersDir], terminal.cwd, patterns)
  const others = definitions.filter((other) => resolve(terminal.cwd, other.file) !== file)
  const namesake = others.find(({ definition }) => definition.partner === parsed.definition.partner)
  if (namesake !== undefined) {
    throw new CommandFailure(
      `The partner ${parsed.definition.partner} is defined in ${namesake.file} already; change that file, or give this one another name.`,
    )
  }
  const conflicts = findRouteConflicts([...others, parsed])
  if (conflicts.length > 0) refuse(terminal, conflicts, null, options)
}

/** Line numbers are of the YAML without what stood around it, so that is shown where a line is faulty. */
function refuse(
  terminal: Terminal,
  diagnostics: readonly Diagnostic[],
  text: string | null,
  { json: isJson }: GenerateOptions,
): never {
  const lines = text?.split('\n') ?? []
  for (const diagnostic of isJson ? [] : diagnostics) {
    terminal.note(formatDiagnostic(diagnostic))
    const line = lines[diagnostic.line - 1]
    if (line !== undefined && line.trim() !== '') terminal.note(`  ${line}\n  ${' '.repeat(diagnostic.column - 1)}^`)
  }
  const faults = diagnostics.length === 1 ? '1 fault' : `${diagnostics.length} faults`
  throw new CommandFailure(`Nothing was written: ${faults}.`, exitCodes.failure, { diagnostics })
}

function routeList({ datapoints }: DescribedDefinition): string {
  return columns(
    datapoints.flatMap(({ name, pattern, endpoints }) =>
      endpoints.map(({ method, path }) => [method, path, name, pattern]),
    ),
    '  ',
  )
}

function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}
