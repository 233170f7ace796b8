import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import autocannon from 'autocannon'

export interface Target {
  readonly title: string
  readonly server: string
  readonly method: 'GET' | 'POST'
  readonly path: string
}

export interface RunOptions {
  readonly rounds: number
  readonly seconds: number
  readonly connections: number
}

/** What one round of one target came to. */
export interface Rate {
  readonly perSecond: number
  /** Requests for each second of the server's processor time: what the server is worth where the client is the slower one. */
  readonly perCpuSecond: number
}

/**
 * The rates of each target in each round. The targets take turns within a round, so that whatever the machine does
 * meanwhile falls on all of them alike.
 */
export async function measureRates(targets: readonly Target[], options: RunOptions): Promise<Rate[][]> {
  const servers = new Map<string, RunningServer>()
  for (const { server } of targets) if (!servers.has(server)) servers.set(server, await startServer(server))
  const serverOf = ({ server }: Target): RunningServer => {
    const running = servers.get(server)
    if (running === undefined) throw new Error(`The server ${server} was not started.`)
    return running
  }
  try {
    const rates: Rate[][] = targets.map(() => [])
    for (let round = -1; round < options.rounds; round++) {
      for (const [index, target] of targets.entries()) {
        const rate = await measureOnce(target, serverOf(target), options)
        // The round before the first warms everything up.
        if (round >= 0) rates[index]?.push(rate)
      }
    }
    return rates
  } finally {
    for (const { child } of servers.values()) child.disconnect()
  }
}

interface RunningServer {
  readonly child: ChildProcess
  readonly port: number
}

async function startServer(name: string): Promise<RunningServer> {
  const child = fork(fileURLToPath(new URL('serve.ts', import.meta.url)), [name], { execArgv: ['--import', 'tsx'] })
  const [message] = await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error(`The server ${name} ended before it listened.`))),
  ])
  return { child, port: (message as { port: number }).port }
}

async function measureOnce(target: Target, server: RunningServer, { seconds, connections }: RunOptions): Promise<Rate> {
  const url = `http://127.0.0.1:${server.port}${target.path}`
  const before = await cpuSeconds(server.child)
  const result = await autocannon({ url, method: target.method, connections, duration: seconds })
  const used = (await cpuSeconds(server.child)) - before
  const failed = result.non2xx + result.errors + result.timeouts
  if (failed > 0) throw new Error(`${target.title}: ${failed} requests failed, so its rate would mean nothing.`)
  return { perSecond: result.requests.total / result.duration, perCpuSecond: result.requests.total / used }
}

async function cpuSeconds(child: ChildProcess): Promise<number> {
  child.send('cpu')
  const [{ cpu }] = (await once(child, 'message')) as [{ cpu: NodeJS.CpuUsage }]
  return (cpu.user + cpu.system) / 1_000_000
}
