import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export interface ImnotProcess {
  readonly url: string
  readonly pid: number
  /** What it has said to people, warnings among them. */
  notes(): string
  /** Ends it as a crash does, at once; resolves when the process is gone. */
  kill(): Promise<void>
  /** Asks it to end; resolves to its exit code. */
  stop(): Promise<number | null>
}

export interface StartOptions {
  readonly storage: string
  readonly partners: string
  /** @default any that is free */
  readonly port?: number
  readonly env?: Readonly<Record<string, string>>
}

const bin = fileURLToPath(new URL('../../packages/cli/bin/imnot.js', import.meta.url))
const here = fileURLToPath(new URL('..', import.meta.url))

/** Starts the built command in a process of its own; rejects with what it said when it ends before it listens. */
export async function startImnot({ storage, partners, port = 0, env = {} }: StartOptions): Promise<ImnotProcess> {
  const args = ['start', '--json', '--port', String(port), '--storage', storage, '--partners-dir', partners]
  const child = spawn(process.execPath, [bin, ...args], {
    cwd: here,
    env: { ...process.env, IMNOT_PID_FILE: `${partners}/../imnot.pid`, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', (chunk) => {
    said += chunk
  })
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
  const ready = once(createInterface(child.stdout), 'line').then(([line]) => JSON.parse(String(line)))
  const early = ended.then((code) => Promise.reject(new Error(`imnot ended with ${code} before it listened: ${said}`)))
  const { url } = (await Promise.race([ready, early])) as { readonly url?: string }
  // What it prints in JSON when it cannot start has no address; it ends then, and says why.
  if (url === undefined) return early
  early.catch(() => {})
  return {
    url,
    pid: child.pid ?? 0,
    notes: () => said,
    kill: () => end(child, ended, 'SIGKILL').then(() => undefined),
    stop: () => end(child, ended, 'SIGTERM'),
  }
}

function end(child: ChildProcess, ended: Promise<number | null>, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  return ended
}
