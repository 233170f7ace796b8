import { setTimeout as pause } from 'node:timers/promises'
import { bytesOf, consumer } from '../support/consumer.ts'
import { type ImnotProcess, startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import type { Program } from './program.ts'

export interface NodesSize {
  readonly seconds: number
  readonly everySeconds: number
}

const count = 3
const clients = 12

/** Three nodes share a storage and one after the other is killed: every flow finishes on the nodes that are left. */
export const nodes: Program<NodesSize> = {
  name: 'nodes',
  short: { seconds: 30, everySeconds: 5 },
  long: { seconds: 600, everySeconds: 5 },
  async run(storage, { seconds, everySeconds }) {
    const partners = await partnersFolder({ acme: seed })
    const { url, remove } = await storage.create()
    const start = () => startImnot({ storage: url, partners: partners.folder })
    const alive: (ImnotProcess | null)[] = []
    const broken: string[] = []
    let finished = 0
    let kills = 0
    let failovers = 0
    let isOver = false

    /** Asks one node after the other until one answers, as a load balancer does; at most for ten seconds. */
    async function anywhere(ask: (url: string) => Promise<Response>): Promise<Response> {
      const deadline = performance.now() + 10_000
      for (let turn = Math.floor(Math.random() * count); performance.now() < deadline; turn++) {
        const node = alive[turn % count]
        try {
          if (node) return await ask(node.url)
        } catch {
          failovers++
        }
        await pause(5)
      }
      throw new Error('no node answered for ten seconds')
    }

    async function playFlow(): Promise<void> {
      const submit = await anywhere((node) => fetch(`${node}/external/jobs`, { method: 'POST' }))
      const job = submit.headers.get('location') ?? ''
      const poll = await anywhere((node) => consumer(node).poll(job))
      const answer = await anywhere((node) => consumer(node).fetch(job))
      const got = (await bytesOf(answer)).toString()
      if (submit.status !== 202 || poll.status !== 201 || got !== 'shared') {
        broken.push(`a flow was answered ${submit.status}, ${poll.status}, ${answer.status} ${got.slice(0, 100)}`)
      } else finished++
    }

    async function playUntilOver(): Promise<void> {
      while (!isOver) await playFlow().catch((error: Error) => broken.push(error.message))
    }

    async function killInTurn(): Promise<void> {
      const end = performance.now() + seconds * 1000
      for (let victim = 0; performance.now() < end; victim = (victim + 1) % count) {
        await pause(everySeconds * 1000)
        const node = alive[victim]
        alive[victim] = null
        await node?.kill()
        kills++
        alive[victim] = await start()
      }
      isOver = true
    }

    try {
      for (let node = 0; node < count; node++) alive.push(await start())
      await (await consumer(alive[0]?.url ?? '').upload('shared', 'text/plain')).arrayBuffer()
      await Promise.all([killInTurn(), ...Array.from({ length: clients }, playUntilOver)])
    } finally {
      isOver = true
      await Promise.all(alive.map((node) => node?.kill()))
      await remove()
      await partners.remove()
    }
    if (finished === 0) broken.push('no flow finished')
    return { figures: { seconds, kills, flows_finished: finished, failovers, unfinished: broken.length }, broken }
  },
}
