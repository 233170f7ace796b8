import { rm } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { CommandFailure } from '../command-failure.ts'
import type { DefineCommand } from '../command-table.ts'
import { examples } from '../output/examples.ts'
import { json } from '../output/json.ts'
import { isAlive } from '../server/is-running-imnot.ts'
import { readPidFile } from '../server/pid-file.ts'
import { readSettings } from '../settings.ts'

interface StopOptions {
  readonly config?: string
  readonly json?: boolean
}

/** A server ends within 20 s. */
const patienceMs = 25_000

export const defineStop: DefineCommand = (command, terminal) => {
  command
    .option('--config <file>', 'configuration that it was started with (default: imnot.yaml here or above)')
    .option('--json', 'answer in JSON')
    .addHelpText('after', examples('imnot stop'))
    .action(async (options: StopOptions) => {
      const { pidFile } = await readSettings(terminal, options)
      const mark = await readPidFile(pidFile)
      if (mark === null) throw new CommandFailure(`No imnot runs here: there is no ${pidFile}.`)
      if (!mark.isRunning) {
        await rm(pidFile, { force: true })
        throw new CommandFailure(`No imnot runs here: the one that wrote ${pidFile} has ended; the file is removed.`)
      }
      process.kill(mark.pid, 'SIGTERM')
      await ended(mark.pid)
      // A server that was killed meanwhile could not do it.
      await rm(pidFile, { force: true })
      terminal.out(
        options.json ? json({ status: 'ok', pid: mark.pid }) : `The imnot with the process id ${mark.pid} has stopped.`,
      )
    })
}

async function ended(pid: number): Promise<void> {
  const until = Date.now() + patienceMs
  while (isAlive(pid)) {
    if (Date.now() > until) {
      throw new CommandFailure(
        `The imnot with the process id ${pid} did not stop within 25 s; end it with kill -9 ${pid}.`,
      )
    }
    await sleep(50)
  }
}
