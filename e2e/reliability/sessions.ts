import { bytesOf, type Consumer, consumer } from '../support/consumer.ts'
import { type ImnotProcess, startImnot } from '../support/imnot-process.ts'
import { partnersFolder, seed } from '../support/partners.ts'
import type { Program } from './program.ts'

export interface SessionsSize {
  readonly nodes: number
  readonly sessions: number
  readonly flows: number
}

/** Many sessions play their flows at once, while the definitions are reloaded: none ever gets a byte of another. */
export const sessions: Program<SessionsSize> = {
  name: 'sessions',
  short: { nodes: 2, sessions: 100, flows: 200 },
  long: { nodes: 2, sessions: 1000, flows: 2000 },
  async run(storage, { nodes, sessions: count, flows }) {
    const partners = await partnersFolder({ acme: seed })
    const { url, remove } = await storage.create()
    const started: ImnotProcess[] = []
    const broken: string[] = []
    let requests = 0
    const begin = performance.now()
    try {
      for (let node = 0; node < nodes; node++)
        started.push(await startImnot({ storage: url, partners: partners.folder }))
      const urls = started.map((node) => node.url)
      const reloads = reloadUntilStopped(urls[0] ?? '')
      await Promise.all(Array.from({ length: count }, (_, index) => playSession(urls, index, { flows, broken })))
      requests = count * (2 + flows * 3)
      if ((await reloads.stop()) === 0) broken.push('the definitions were never reloaded meanwhile')
    } finally {
      await Promise.all(started.map((node) => node.kill()))
      await remove()
      await partners.remove()
    }
    const seconds = (performance.now() - begin) / 1000
    return {
      figures: {
        nodes,
        sessions: count,
        flows: count * flows,
        requests_per_second: Math.round(requests / seconds),
        foreign: broken.length,
      },
      broken,
    }
  },
}

/** By header, by base URL and by the flow alone, in turn; each request goes to the next node. */
async function playSession(
  urls: readonly string[],
  index: number,
  { flows, broken }: { readonly flows: number; readonly broken: string[] },
): Promise<void> {
  const own = `session ${index}`
  const created = await fetch(`${urls[0]}/imnot/admin/sessions`, { method: 'POST' })
  const { session_id: session } = (await created.json()) as { readonly session_id: string }
  const byHeader = urls.map((url) => consumer(url, { 'x-imnot-session': session }))
  const byPrefix = urls.map((url) => consumer(`${url}/imnot/s/${session}`))
  const byFlow = urls.map((url) => consumer(url))
  const turn = (clients: readonly Consumer[], step: number) => clients[step % clients.length] as Consumer
  await (await turn(byHeader, index).upload(own, 'text/plain')).arrayBuffer()
  for (let flow = 0; flow < flows; flow++) {
    const isPrefixed = flow % 3 === 1
    const job = (await turn(isPrefixed ? byPrefix : byHeader, flow).submit()).replace(/^\/imnot\/s\/[^/]+/, '')
    const clients = [byHeader, byPrefix, byFlow][flow % 3] ?? byFlow
    const poll = await turn(clients, flow + 1).poll(job)
    const answer = await turn(clients, flow + 2).fetch(job)
    const got = (await bytesOf(answer)).toString()
    if (poll.status !== 201 || answer.status !== 200 || got !== own) {
      broken.push(`${own} was answered ${poll.status} and ${answer.status}: ${got.slice(0, 100)}`)
    }
  }
}

function reloadUntilStopped(url: string) {
  let isStopped = false
  async function reload(): Promise<number> {
    let count = 0
    while (!isStopped) {
      const response = await fetch(`${url}/imnot/admin/reload`, { method: 'POST' })
      await response.arrayBuffer()
      if (response.status === 200) count++
    }
    return count
  }
  const running = reload()
  return {
    stop() {
      isStopped = true
      return running
    },
  }
}
