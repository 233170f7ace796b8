import { setTimeout as pause } from 'node:timers/promises'
import { startTcpProxy, type TcpProxy } from '@imnot/tooling/servers/tcp-proxy'
import { consumer } from '../support/consumer.ts'
import { startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import type { Program } from './program.ts'

export interface OutageSize {
  /** Of each kind. */
  readonly outages: number
}

const still = `partner: still
datapoints:
  - name: status
    pattern: static
    endpoints:
      - method: GET
        path: /still
        response:
          body: always
`

/** How long a request may take to be refused, and everything to work again, with room for a busy machine in the first. */
const refusedWithinMs = 1500
const recoveredWithinMs = 2000

const kinds: readonly (readonly [name: string, cause: (proxy: TcpProxy) => Promise<void>])[] = [
  ['refused', (proxy) => proxy.refuse()],
  ['black hole', async (proxy) => proxy.blackHole()],
  ['answers lost', async (proxy) => proxy.blackHole('answers')],
]

/**
 * The way to the storage is cut in several manners: what needs it is refused with 503 and `Retry-After` at once, what does not goes
 * on, and all recovers by itself. A reset in the midst of writes costs no acknowledged one.
 */
export const outage: Program<OutageSize> = {
  name: 'outage',
  concerns: ({ isRemote }) => isRemote,
  short: { outages: 5 },
  long: { outages: 100 },
  async run(storage, { outages }) {
    const partners = await partnersFolder({ acme: seed, still })
    const { url, remove } = await storage.create()
    const target = new URL(url)
    const proxy = await startTcpProxy(Number(target.port || (target.protocol === 'redis:' ? 6379 : 5432)))
    target.port = String(proxy.port)
    const broken: string[] = []
    let slowestRefusal = 0
    let slowestRecovery = 0
    let cut = 0
    const node = await startImnot({ storage: target.href, partners: partners.folder })
    const client = consumer(node.url)

    async function expectRefusal(kind: string): Promise<void> {
      const begin = performance.now()
      const response = await fetch(`${node.url}/external/jobs`, { method: 'POST' })
      const tookMs = performance.now() - begin
      slowestRefusal = Math.max(slowestRefusal, tookMs)
      await response.arrayBuffer()
      const retryAfter = response.headers.get('retry-after')
      if (response.status !== 503 || retryAfter === null)
        broken.push(`${kind}: a submit was answered ${response.status}`)
      if (tookMs > refusedWithinMs) broken.push(`${kind}: a submit was refused after ${Math.round(tookMs)} ms`)
    }

    async function expectRest(kind: string): Promise<void> {
      for (const [path, status] of [
        ['/still', 200],
        ['/healthz', 200],
        ['/readyz', 503],
      ] as const) {
        const response = await fetch(`${node.url}${path}`)
        await response.arrayBuffer()
        if (response.status !== status) broken.push(`${kind}: ${path} was answered ${response.status}`)
      }
    }

    async function expectRecovery(kind: string): Promise<void> {
      const begin = performance.now()
      await proxy.heal()
      while ((await fetch(`${node.url}/external/jobs`, { method: 'POST' })).status !== 202) {
        if (performance.now() - begin > 10_000) break
        await pause(20)
      }
      const tookMs = performance.now() - begin
      slowestRecovery = Math.max(slowestRecovery, tookMs)
      if (tookMs > recoveredWithinMs) broken.push(`${kind}: it worked again after ${Math.round(tookMs)} ms`)
    }

    /** What was acknowledged before, during and after resets is there. */
    async function resetUnderWrites(): Promise<void> {
      const jobs: string[] = []
      let isOver = false
      const writing = Array.from({ length: 8 }, async () => {
        while (!isOver)
          await client.submit().then(
            (job) => jobs.push(job),
            () => cut++,
          )
      })
      for (let reset = 0; reset < 5; reset++) {
        await pause(40)
        proxy.reset()
      }
      await pause(40)
      isOver = true
      await Promise.all(writing)
      for (const job of jobs) {
        const { status } = await client.poll(job)
        if (status !== 201) broken.push(`after a reset an acknowledged job was answered ${status}`)
      }
      if (jobs.length === 0) broken.push('no submit came through between the resets')
    }

    try {
      await client.submit()
      for (let round = 0; round < outages; round++) {
        for (const [kind, cause] of kinds) {
          await cause(proxy)
          await expectRefusal(kind)
          await expectRest(kind)
          await expectRecovery(kind)
        }
        await resetUnderWrites()
      }
    } finally {
      await node.kill()
      await proxy.close()
      await remove()
      await partners.remove()
    }
    return {
      figures: {
        outages: outages * kinds.length,
        slowest_refusal_ms: Math.round(slowestRefusal),
        slowest_recovery_ms: Math.round(slowestRecovery),
        requests_cut: cut,
        broken: broken.length,
      },
      broken,
    }
  },
}
