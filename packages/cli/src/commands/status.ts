import type { ImnotApi } from '@imnot/client'
import type { StateOptions } from '../admin/open-admin.ts'
import { withAdmin, withStateOptions } from '../admin/state-command.ts'
import type { DefineCommand } from '../command-table.ts'
import { columns } from '../output/columns.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import type { Terminal } from '../output/terminal.ts'
import { readPidFile } from '../server/pid-file.ts'
import { readSettings } from '../settings.ts'

export const defineStatus: DefineCommand = (command, terminal) => {
  withStateOptions(command)
    .addHelpText('after', examples('imnot status', 'imnot status --url https://mock.example.com --json'))
    .action(async (options: StateOptions) => {
      const server = await serverStatus(terminal, options)
      const counts = await withAdmin(terminal, options, countAll)
      const { isRunning: running, ...where } = server
      if (options.json) return terminal.out(json({ running, ...where, ...counts }))
      const { pending, delivered, dead } = counts.deliveries
      terminal.out(
        columns([
          [
            'server',
            running
              ? `runs${where.url ? ` on ${where.url}` : ''}${where.pid ? `, process ${where.pid}` : ''}`
              : 'does not run',
          ],
          ['partners', String(counts.partners)],
          ['sessions', String(counts.sessions)],
          ['flows', String(counts.flows)],
          ['deliveries', `${pending} pending, ${delivered} delivered, ${dead} dead`],
        ]),
      )
    })
}

interface ServerStatus {
  readonly isRunning: boolean
  readonly pid: number | null
  readonly url: string | null
}

/** A server that answers at `--url` runs; here the pid file tells. */
async function serverStatus(terminal: Terminal, { url, ...flags }: StateOptions): Promise<ServerStatus> {
  if (url !== undefined) return { isRunning: true, pid: null, url }
  const mark = await readPidFile((await readSettings(terminal, flags)).pidFile)
  return mark?.isRunning
    ? { isRunning: true, pid: mark.pid, url: mark.url }
    : { isRunning: false, pid: null, url: null }
}

async function countAll(imnot: ImnotApi) {
  const [partners, sessions, flows, deliveries] = await Promise.all([
    imnot.partners.list(),
    imnot.sessions.list(),
    imnot.flows.list(),
    imnot.deliveries.list(),
  ])
  const withStatus = (wanted: string) => deliveries.filter(({ status }) => status === wanted).length
  return {
    partners: partners.length,
    sessions: sessions.length,
    flows: flows.length,
    deliveries: { pending: withStatus('pending'), delivered: withStatus('delivered'), dead: withStatus('dead') },
  }
}
