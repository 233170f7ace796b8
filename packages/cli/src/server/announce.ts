import type { PartnerInfo } from '@imnot/client'
import { version } from '@imnot/core'
import type { Imnot } from '@imnot/node'
import { formatDiagnostic, type PatternSchema } from '@imnot/schema'
import pc from 'picocolors'
import { columns } from '../output/columns.ts'
import type { Terminal } from '../output/terminal.ts'
import type { Settings } from '../settings.ts'
import { tryIt } from '../try-it/try-it.ts'

export interface AnnounceOptions {
  readonly settings: Settings
  readonly imnot: Imnot
  /** Where it really listens. */
  readonly url: string
  readonly json: boolean
  readonly patterns: readonly PatternSchema[]
}

/** Says what is served, what is not and why, and how to try it. */
export async function announce(
  terminal: Terminal,
  { settings, imnot, url, json, patterns }: AnnounceOptions,
): Promise<void> {
  const base = settings.baseUrl ?? url
  const partners = await imnot.partners.list()
  const { parsed, failed } = imnot.engine.definitions()
  const lines = tryIt(
    parsed.map(({ definition }) => definition),
    { url: base, needsKey: settings.adminKeys.length > 0, patterns },
  )
  const skipped = failed.map(({ file, diagnostics }) => ({ file, diagnostics: diagnostics.map(formatDiagnostic) }))
  if (json) {
    const storage = withoutSecrets(settings.storage)
    const { partnersDir } = settings
    terminal.out(
      JSON.stringify({ url, pid: process.pid, storage, partners_dir: partnersDir, partners, skipped, try: lines }),
    )
    return
  }
  terminal.out(
    `${pc.bold(`imnot ${version}`)} listens on ${pc.bold(url)}, and keeps its state in ${withoutSecrets(settings.storage)}`,
  )
  for (const { file, diagnostics } of skipped) {
    terminal.note(`\n${pc.yellow('skipped')} ${file}`)
    for (const diagnostic of diagnostics) terminal.note(`  ${diagnostic}`)
  }
  terminal.out(partners.length === 0 ? nothingYet(settings) : `\n${routeList(partners)}`)
  if (lines.length > 0) terminal.out(`\nTry it:\n${lines.map((line) => `  ${line}`).join('\n')}`)
  terminal.out(`\nPoint the system under test at ${base} instead of the partner. Ctrl-C stops.`)
}

function routeList(partners: readonly PartnerInfo[]): string {
  const rows = partners.flatMap(({ partner, datapoints }) =>
    datapoints.flatMap(({ name, pattern, endpoints }) =>
      endpoints.map(({ method, path, step }) => [
        method,
        path,
        `${partner}/${name}`,
        step === null ? pattern : `${pattern}, step ${step}`,
      ]),
    ),
  )
  return columns(rows, '  ')
}

function nothingYet({ partnersDir }: Settings): string {
  return `\nThere is no partner in ${partnersDir} yet: \`imnot init\` writes two examples, \`imnot prompt\` helps to describe your own.`
}

/** A connection URL has its password before the `@`, which may also stand in it, or among its parameters. */
function withoutSecrets(storage: string): string {
  if (!storage.includes('://')) return storage
  return storage.replace(/:\/\/.*@/, '://***@').replace(/\?.*$/, '')
}
