import { setTimeout as pause } from 'node:timers/promises'
import { startImnot } from '../support/imnot-process.ts'
import type { OwnServer } from '../support/own-servers.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import { createLedger, midstOfWriting } from './ledger.ts'
import type { Outcome, Program } from './program.ts'

export interface ServerCrashSize {
  readonly kills: number
}

/** The server of the database is killed while 16 writers are at work, with the settings that the README of its storage asks for. */
export const serverCrash: Program<ServerCrashSize> = {
  name: 'server-crash',
  concerns: ({ ownServer }) => ownServer !== null,
  whyNot: ({ ownServer }) => ownServer?.missing ?? null,
  short: { kills: 5 },
  long: { kills: 200 },
  async run({ ownServer }, { kills }) {
    if (ownServer === null) throw new Error('This storage has no server that could be killed.')
    const server = await ownServer.start('durable')
    try {
      return await crashServer(server, { kills })
    } finally {
      await server.remove()
    }
  },
}

export interface CrashServerOptions extends ServerCrashSize {
  /** Enough is seen with the first loss. @default false */
  readonly stopAtLoss?: boolean
}

/**
 * Everything that imnot has acknowledged is there once the server runs again. How much is lost otherwise depends on the
 * database's settings, which is what shows that this would see a loss.
 */
export async function crashServer(
  server: OwnServer,
  { kills, stopAtLoss = false }: CrashServerOptions,
): Promise<Outcome> {
  const partners = await partnersFolder({ acme: seed })
  const broken: string[] = []
  let acknowledged = 0
  let killed = 0
  const node = await startImnot({ storage: server.url, partners: partners.folder })
  try {
    while (killed < kills && !(stopAtLoss && broken.length > 0)) {
      const ledgers = Array.from({ length: 16 }, (_, writer) => createLedger(writer))
      const writing = Promise.all(ledgers.map((ledger) => ledger.writeUntilFailure(node.url)))
      await midstOfWriting(ledgers)
      await server.kill()
      killed++
      await writing
      await server.start()
      await untilReady(node.url)
      broken.push(...(await Promise.all(ledgers.map((ledger) => ledger.missing(node.url)))).flat())
      acknowledged += ledgers.reduce((sum, ledger) => sum + ledger.acknowledged(), 0)
    }
  } finally {
    await node.kill()
    await partners.remove()
  }
  if (acknowledged === 0) broken.push('nothing was acknowledged, so nothing was proven')
  return { figures: { server_kills: killed, acknowledged, lost: broken.length }, broken }
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while ((await fetch(`${url}/readyz`)).status !== 200) {
    if (performance.now() > deadline) throw new Error('imnot did not reach its storage again within ten seconds.')
    await pause(20)
  }
}
