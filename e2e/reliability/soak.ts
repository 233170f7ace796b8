import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { consumer } from '../support/consumer.ts'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import type { Program } from './program.ts'

export interface SoakSize {
  readonly requests: number
  readonly clients: number
}

/** How much more memory the last third of a run may take than the second one: what collectors leave lying about. */
const toleratedShare = 1.25
const toleratedMib = 48

const flowsOfSession = 50
const samples = 60

/** A node answers without a pause, with its journal on, in sessions that come and go: its memory stays what it is. */
export const soak: Program<SoakSize> = {
  name: 'soak',
  short: { requests: 3000, clients: 8 },
  long: { requests: 10_000_000, clients: 16 },
  async run(storage, { requests, clients }) {
    const partners = await partnersFolder({ acme: seed })
    const { url, remove } = await storage.create()
    const node = await startImnot({ storage: url, partners: partners.folder })
    const broken: string[] = []
    const memory: number[] = []
    let made = 0
    const begin = performance.now()

    async function count(): Promise<void> {
      made++
      if (made % Math.ceil(requests / samples) === 0) memory.push(await residentMib(node.pid))
    }

    async function play(): Promise<void> {
      while (made < requests) {
        const created = await fetch(`${node.url}/imnot/admin/sessions`, { method: 'POST' })
        const { session_id: session } = (await created.json()) as { readonly session_id: string }
        const own = consumer(node.url, { 'x-imnot-session': session })
        await own.upload(`"of ${session}"`, 'application/json')
        for (let flow = 0; flow < flowsOfSession && made < requests; flow++) {
          const job = await own.submit()
          await count()
          const polled = await own.poll(job)
          await count()
          const body = await (await own.fetch(job)).text()
          await count()
          if (polled.status !== 201 || body !== `"of ${session}"`) broken.push(`a flow got ${polled.status}, ${body}`)
        }
        await fetch(`${node.url}/imnot/admin/sessions/${session}`, { method: 'DELETE' })
      }
    }

    try {
      await Promise.all(Array.from({ length: clients }, play))
    } finally {
      await node.kill()
      await remove()
      await partners.remove()
    }
    const third = Math.floor(memory.length / 3)
    const [before, after] = [Math.max(...memory.slice(third, 2 * third)), Math.max(...memory.slice(2 * third))]
    if (after > before * toleratedShare + toleratedMib)
      broken.push(`memory grew from ${Math.round(before)} to ${Math.round(after)} MiB`)
    const seconds = (performance.now() - begin) / 1000
    return {
      figures: {
        requests: made,
        requests_per_second: Math.round(made / seconds),
        mib_before: Math.round(before),
        mib_after: Math.round(after),
      },
      broken,
    }
  },
}

const run = promisify(execFile)

async function residentMib(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) / 1024
}
