import { resolve } from 'node:path'
import type { RequestFilter, RequestInfo } from '@imnot/client'
import type { StateOptions } from '../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../admin/state-command.ts'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { exitCodes } from '../exit-codes.ts'
import { writeBeside } from '../files/write-beside.ts'
import { columns } from '../output/columns.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import type { Terminal } from '../output/terminal.ts'
import { toHar } from './requests/har.ts'
import { requestRow } from './requests/request-row.ts'

interface RequestsOptions extends StateOptions {
  readonly follow?: boolean
  readonly har?: string
  readonly partner?: string
  readonly datapoint?: string
  readonly session?: string
  readonly flow?: string
  readonly status?: string
  readonly unmatched?: boolean
  readonly limit?: string
}

export const defineRequests: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .option('--follow', 'go on and tell each request as it comes, until Ctrl-C')
    .option('--har <file>', 'write them as an HTTP archive, for the network tools of a browser')
    .option('--partner <partner>', 'only those of this partner')
    .option('--datapoint <datapoint>', 'only those of this datapoint')
    .option('--session <session>', 'only those in this session, by id or label')
    .option('--flow <id>', 'only those of this flow')
    .option('--status <status>', 'only those answered so: 404, or 4xx')
    .option('--unmatched', 'only those that no route matched')
    .option('--limit <number>', 'at most so many (default: 100; with --har 10000)')
    .addHelpText(
      'after',
      examples(
        'imnot requests --follow',
        'imnot requests --unmatched',
        'imnot requests --session INT-4211 --har INT-4211.har',
      ),
    )
    .action(async (options: RequestsOptions) => {
      if (options.follow && (options.har !== undefined || options.limit !== undefined)) {
        throw new CommandFailure('--follow has no end; it goes with neither --har nor --limit.', exitCodes.usage)
      }
      if (options.follow) await follow(terminal, options)
      else await list(terminal, options)
    })
}

async function list(terminal: Terminal, options: RequestsOptions): Promise<void> {
  const limit = options.limit === undefined ? (options.har === undefined ? 100 : 10_000) : Number(options.limit)
  const page = await withAdmin(terminal, options, (imnot) => imnot.requests.page({ ...filterOf(options), limit }))
  const { requests, dropped } = page
  if (dropped > 0) terminal.note(`${dropped} more requests came too fast to be written down.`)
  if (options.har !== undefined) {
    await writeBeside(resolve(terminal.cwd, options.har), json(toHar(requests)))
    terminal.out(
      options.json
        ? json({ file: options.har, requests: requests.length })
        : `${requests.length} requests written to ${options.har}`,
    )
    return
  }
  if (options.json) return terminal.out(json(page))
  if (requests.length === 0) return terminal.out('No request came yet that fits.')
  // The newest last, where the eye is.
  terminal.out(columns([...requests].reverse().map(requestRow)))
  for (const request of requests.filter(({ nearest }) => nearest !== undefined).slice(0, 3))
    terminal.note(missOf(request))
}

async function follow(terminal: Terminal, options: RequestsOptions): Promise<void> {
  await withAdmin(terminal, options, async (imnot) => {
    for await (const request of imnot.requests.follow(filterOf(options))) {
      terminal.out(options.json ? JSON.stringify(request) : columns([requestRow(request)]))
      if (!options.json && request.nearest !== undefined) terminal.note(missOf(request))
    }
  })
}

function missOf({ method, url, nearest = [] }: RequestInfo): string {
  const [first] = nearest
  if (first === undefined) return `${method} ${url} matched no route: no partner is loaded.`
  return `${method} ${url} matched no route; the nearest is ${first.method} ${first.path} of ${first.partner}: ${first.reason}.`
}

function filterOf({ partner, datapoint, session, flow, status, unmatched }: RequestsOptions): RequestFilter {
  return { partner, datapoint, session, flow, status, unmatched }
}
