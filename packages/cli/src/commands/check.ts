import { resolve } from 'node:path'
import type { ConductReport, JudgedRule } from '@imnot/client'
import type { StateOptions } from '../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../admin/state-command.ts'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeBeside } from '../files/write-beside.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import { toJunit } from './check/junit.ts'

interface CheckOptions extends StateOptions {
  readonly session?: string
  readonly junit?: string
  readonly pollInterval?: string
  readonly acknowledgeWithin?: string
}

export const defineCheck: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--session <session>', 'what was done in this session, by id or label (default: everywhere)')
    .option('--junit <file>', 'write the report as JUnit XML, too')
    .option('--poll-interval <duration>', 'the shortest time between two polls, where answers say none')
    .option('--acknowledge-within <duration>', 'how soon a callback must be acknowledged (default: 5s)')
    .addHelpText(
      'after',
      examples('imnot check --session INT-4211', 'imnot check --junit conduct.xml --poll-interval 2s'),
    )
    .action(async (options: CheckOptions) => {
      const { session, pollInterval, acknowledgeWithin } = options
      const report = await withAdmin(terminal, options, async (imnot) => {
        const ask = session === undefined ? imnot.report : (await imnot.sessions.get(session)).report
        return ask({ pollInterval, acknowledgeWithin })
      })
      if (options.junit !== undefined) await writeBeside(resolve(terminal.cwd, options.junit), toJunit(report))
      if (!options.json) terminal.out(report.rules.map(describe).join('\n'))
      if (report.verdict !== 'ok') throw new CommandFailure(summaryOf(report), exitCodes.failure, { ...report })
      terminal.out(options.json ? json({ status: 'ok', ...report }) : summaryOf(report))
    })
}

const marks = { ok: 'ok', violated: 'VIOLATED', no_occasion: '-' } as const

function describe({ rule, verdict, occasions, findings }: JudgedRule): string {
  const line = `${rule.padEnd(24)}${marks[verdict]}${verdict === 'ok' ? ` (${occasions} looked at)` : ''}`
  const told = findings.map(({ detail, requests, deliveries }) => {
    const ids = [...requests.map((id) => `request ${id}`), ...deliveries.map((id) => `callback ${id}`)]
    return [`  ${detail}`, ...ids.map((id) => `    ${id}`)].join('\n')
  })
  return [line, ...told].join('\n')
}

function summaryOf({ verdict, requests, dropped, rules }: ConductReport): string {
  const found = rules.reduce((sum, { findings }) => sum + findings.length, 0)
  const looked = requests === 1 ? '1 request' : `${requests} requests`
  if (verdict === 'violated') return `${found === 1 ? '1 violation' : `${found} violations`} in ${looked}.`
  if (verdict === 'incomplete')
    return `No violation in ${looked}, but ${dropped} more came too fast to be written down, so that nobody can tell.`
  return `No violation in ${looked}.`
}
