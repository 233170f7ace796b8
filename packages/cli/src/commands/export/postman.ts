import { resolve } from 'node:path'
import { toCollection } from '@imnot/postman'
import { formatDiagnostic, pickPartners } from '@imnot/schema'
import { CommandFailure } from '../../command-failure.ts'
import type { DefineCommand } from '../../command-table.ts'
import { checkDefinitions } from '../../definitions/check-definitions.ts'
import { configuredPatterns, withPatternOption } from '../../definitions/configured-patterns.ts'
import { exitCodes } from '../../exit-codes.ts'
import { writeBeside } from '../../files/write-beside.ts'
import { examples } from '../../output/examples.ts'
import { json } from '../../output/json.ts'
import type { Terminal } from '../../output/terminal.ts'
import { readSettings, type Settings } from '../../settings.ts'

interface ExportOptions {
  readonly out?: string
  readonly partner?: readonly string[]
  readonly partnersDir?: string
  readonly pattern?: readonly string[]
  readonly baseUrl?: string
}

export const defineExportPostman: DefineCommand = (command, terminal) => {
  withPatternOption(command)
    .option('--out <file>', 'file to write (default: standard output)')
    .option('--partner <name...>', 'only these partners')
    .option('--partners-dir <dir>', 'folder of the partners')
    .option('--base-url <url>', 'where consumers reach imnot (default: as configured)')
    .addHelpText(
      'after',
      examples('imnot export postman --out imnot.postman_collection.json', 'imnot export postman --partner staylink'),
    )
    .action(async ({ out, partner = [], ...flags }: ExportOptions) => {
      const settings = await readSettings(terminal, flags)
      const patterns = await configuredPatterns(settings, terminal.cwd)
      const { definitions, failed } = await checkDefinitions([settings.partnersDir], terminal.cwd, patterns)
      for (const diagnostic of failed.flatMap(({ diagnostics }) => diagnostics))
        terminal.note(formatDiagnostic(diagnostic))
      const picked = pickPartners(
        definitions.map(({ definition }) => definition),
        partner,
      )
      if (!picked.ok) throw new CommandFailure(picked.detail)
      const [first] = picked.definitions
      if (first === undefined) {
        const where = settings.partnersDir
        const isEmpty = failed.length === 0
        const remedy = isEmpty ? 'write two examples with "imnot init"' : 'correct what is named above'
        throw new CommandFailure(`${isEmpty ? 'No partner' : 'No partner without a fault'} in ${where}; ${remedy}.`)
      }
      const text = json(toCollection(picked.definitions, { baseUrl: baseUrlOf(settings), patterns }))
      if (out === undefined) return terminal.out(text)
      await writeOut(terminal, out, `${text}\n`)
      const partners = picked.definitions.length === 1 ? first.partner : `${picked.definitions.length} partners`
      terminal.note(`Wrote ${out}: ${partners}. Import it in Postman, and run the collection while imnot runs.`)
    })
}

function baseUrlOf({ baseUrl, host, port, tls }: Settings): string {
  if (baseUrl !== null) return baseUrl
  const address = ['0.0.0.0', '::'].includes(host) ? '127.0.0.1' : host
  return `${tls === null ? 'http' : 'https'}://${address.includes(':') ? `[${address}]` : address}:${port}`
}

async function writeOut({ cwd }: Terminal, out: string, text: string): Promise<void> {
  try {
    await writeBeside(resolve(cwd, out), text)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandFailure(`${out} cannot be written: ${reason}. Name another file with --out.`, exitCodes.failure)
  }
}
