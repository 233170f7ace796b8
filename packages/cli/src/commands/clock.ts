import type { ClockApi, ClockInfo } from '@imnot/client'
import type { Command } from 'commander'
import type { StateOptions } from '../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../admin/state-command.ts'
import type { DefineCommand } from '../command-table.ts'
import { columns } from '../output/columns.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import type { Terminal } from '../output/terminal.ts'

interface ClockOptions extends StateOptions {
  readonly session?: string
  readonly settle?: boolean
}

export const defineClock: DefineCommand = (command, terminal) => {
  withClockOptions(command.command('show').description('what its time is'))
    .addHelpText('after', examples('imnot clock show --session INT-4211'))
    .action((options: ClockOptions) => run(terminal, options, (clock) => clock.get()))

  withClockOptions(command.command('advance').description('move it on; answers when all that is due by then is done'))
    .argument('<duration>', 'how far, such as 90s, 2h or 3d')
    .option('--settle', 'also wait until callbacks that are due by then are attempted, with their retries')
    .addHelpText('after', examples('imnot clock advance 2h --session INT-4211 --settle', 'imnot clock advance 3d'))
    .action((duration: string, options: ClockOptions) =>
      run(terminal, options, (clock) => clock.advance(duration, { settle: options.settle })),
    )

  withClockOptions(command.command('freeze').description('let it stand: what comes later is not due'))
    .addHelpText('after', examples('imnot clock freeze --session INT-4211'))
    .action((options: ClockOptions) => run(terminal, options, (clock) => clock.freeze()))

  withClockOptions(command.command('unfreeze').description('let it run on from where it stood'))
    .addHelpText('after', examples('imnot clock unfreeze --session INT-4211'))
    .action((options: ClockOptions) => run(terminal, options, (clock) => clock.unfreeze()))

  withClockOptions(command.command('reset').description('back to the time of day; undoes nothing'))
    .addHelpText('after', examples('imnot clock reset --session INT-4211'))
    .action((options: ClockOptions) => run(terminal, options, (clock) => clock.reset()))
}

function withClockOptions(command: Command): Command {
  return withStateOptions(command).option(
    '--session <session>',
    'the clock of this session, by id or label (default: the clock of all that is in no session)',
  )
}

type ClockCall = (clock: ClockApi) => Promise<ClockInfo>

async function run(terminal: Terminal, options: ClockOptions, call: ClockCall): Promise<void> {
  const { session } = options
  const clock = await withAdmin(terminal, options, async (imnot) =>
    call(session === undefined ? imnot.clock : (await imnot.sessions.get(session)).clock),
  )
  if (options.json) return terminal.out(json(clock))
  terminal.out(
    columns([
      ['clock of', clock.session_id === null ? 'all that is in no session' : `session ${clock.session_id}`],
      ['time', `${clock.now}${clock.frozen ? ' (frozen)' : ''}`],
      ['from now', distance(clock.offset_ms)],
      ...(clock.applied === undefined ? [] : [['applied', String(clock.applied)]]),
    ]),
  )
}

const units: readonly (readonly [string, number])[] = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
]

/** `+2d 3h`: the two largest units that say something. */
function distance(offsetMs: number): string {
  let rest = Math.abs(offsetMs)
  const parts: string[] = []
  for (const [name, unitMs] of units) {
    const count = Math.floor(rest / unitMs)
    rest -= count * unitMs
    if (count > 0 && parts.length < 2) parts.push(`${count}${name}`)
  }
  if (parts.length === 0) return rest === 0 ? 'none: it is the time of day' : `${offsetMs} ms`
  return `${offsetMs < 0 ? '-' : '+'}${parts.join(' ')}`
}
