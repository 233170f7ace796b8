import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'

export interface OwnRedis {
  readonly url: string
  readonly port: number
  /** Where its files are. */
  readonly folder: string
  stop(signal?: 'SIGTERM' | 'SIGKILL'): Promise<void>
  /** On the same port, with the same files. */
  start(): Promise<void>
  /** Freezes it: its port takes connections and nothing answers. */
  pause(): void
  resume(): void
  /** Ends it and removes its files. */
  remove(): Promise<void>
}

const binary = ['redis-server', 'valkey-server'].find((name) => spawnSync(name, ['--version']).status === 0)

/** Why a test that needs a server of its own cannot run; null where it can. */
export const ownRedisMissing = binary === undefined ? 'there is no redis-server on the PATH' : null

/** A server for one test, which may be stopped, filled and spoiled. */
export async function startOwnRedis(...settings: readonly string[]): Promise<OwnRedis> {
  const folder = await mkdtemp(join(tmpdir(), 'imnot-redis-'))
  const port = await freePort()
  let child = await start()

  async function start() {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', '', ...settings]
    const started = spawn(binary ?? 'redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise<void>((resolve, reject) => {
      let log = ''
      started.stdout.on('data', (text) => {
        log += text
        if (/Ready to accept connections/.test(log)) resolve()
      })
      started.once('exit', () => reject(new Error(`redis-server did not start: ${log}`)))
    })
    return started
  }

  async function stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGCONT')
    child.kill(signal)
    await once(child, 'exit')
  }

  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    folder,
    stop,
    async start() {
      child = await start()
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    async remove() {
      await stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
}
