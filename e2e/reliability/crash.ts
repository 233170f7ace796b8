import { type ImnotProcess, startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import { createLedger, midstOfWriting } from './ledger.ts'
import type { Program } from './program.ts'

export interface CrashSize {
  readonly kills: number
  readonly writers: number
}

/** imnot is killed while 16 writers are at work: everything that it has acknowledged is there after the restart. */
export const crash: Program<CrashSize> = {
  name: 'crash',
  short: { kills: 20, writers: 16 },
  long: { kills: 1000, writers: 16 },
  async run(storage, { kills, writers }) {
    const partners = await partnersFolder({ acme: seed })
    const { url, remove } = await storage.create()
    let node: ImnotProcess | null = null
    let acknowledged = 0
    const broken: string[] = []
    try {
      node = await startImnot({ storage: url, partners: partners.folder })
      for (let round = 0; round < kills; round++) {
        const ledgers = Array.from({ length: writers }, (_, writer) => createLedger(writer))
        const target = node.url
        const writing = Promise.all(ledgers.map((ledger) => ledger.writeUntilFailure(target)))
        await midstOfWriting(ledgers)
        await node.kill()
        await writing
        node = await startImnot({ storage: url, partners: partners.folder })
        const restarted = node.url
        broken.push(...(await Promise.all(ledgers.map((ledger) => ledger.missing(restarted)))).flat())
        acknowledged += ledgers.reduce((sum, ledger) => sum + ledger.acknowledged(), 0)
      }
    } finally {
      await node?.kill()
      await remove()
      await partners.remove()
    }
    if (acknowledged === 0) broken.push('nothing was acknowledged, so nothing was proven')
    return { figures: { kills, writers, acknowledged, lost: broken.length }, broken }
  },
}
