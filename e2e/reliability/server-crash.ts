import { setTimeout as pause } from 'node:timers/promises'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import { createLedger } from './ledger.ts'
import type { Outcome } from './program.ts'

/** A database server of this run's own. */
export interface KilledServer {
  /** As `--storage` takes it. */
  readonly url: string
  /** Ends it as a crash does. */
  kill(): Promise<void>
  /** On the same port, with the same files. */
  start(): Promise<void>
}

/**
 * The server of the database is killed while 16 writers are at work: everything that imnot has acknowledged is there once it runs
 * again. How much is lost otherwise depends on the database's settings, which is what shows that this would see a loss.
 */
export async function crashServer(server: KilledServer, kills: number): Promise<Outcome> {
  const partners = await partnersFolder({ acme: seed })
  const broken: string[] = []
  let acknowledged = 0
  const node = await startImnot({ storage: server.url, partners: partners.folder })
  try {
    for (let round = 0; round < kills; round++) {
      const ledgers = Array.from({ length: 16 }, (_, writer) => createLedger(writer))
      const writing = Promise.all(ledgers.map((ledger) => ledger.writeUntilFailure(node.url)))
      await pause(150 + Math.random() * 200)
      await server.kill()
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
  return { figures: { server_kills: kills, acknowledged, lost: broken.length }, broken }
}

async function untilReady(url: string): Promise<void> {
  const deadline = performance.now() + 10_000
  while ((await fetch(`${url}/readyz`)).status !== 200) {
    if (performance.now() > deadline) throw new Error('imnot did not reach its storage again within ten seconds.')
    await pause(20)
  }
}
