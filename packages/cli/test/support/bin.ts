import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'

const bin = join(import.meta.dirname, '..', '..', 'bin', 'imnot.js')

export interface BinOptions {
  readonly env?: Readonly<Record<string, string>>
}

export interface Bin {
  readonly child: ChildProcess
  /** Exit code and signal. */
  readonly exit: Promise<[number | null, NodeJS.Signals | null]>
  out(): string
  err(): string
  /** Resolves once the text was printed, to whichever of both; rejects when the process ends without it. */
  said(text: string): Promise<void>
}

/** The built command in a process of its own, which ends with the test. */
export function spawnBin(cwd: string, args: readonly string[], { env = {} }: BinOptions = {}): Bin {
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onTestFinished(() => void child.kill('SIGKILL'))
  let out = ''
  let err = ''
  const exit = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
    child.emit('said')
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
    child.emit('said')
  })
  async function said(text: string): Promise<void> {
    while (!out.includes(text) && !err.includes(text)) {
      const ended = exit.then(() => {
        throw new Error(`The command ended without "${text}":\n${out}${err}`)
      })
      await Promise.race([once(child, 'said'), ended])
    }
  }
  return { child, exit, out: () => out, err: () => err, said }
}

export interface Announced {
  readonly url: string
  readonly pid: number
  readonly storage: string
  readonly partners_dir: string
  readonly partners: readonly { readonly partner: string }[]
  readonly skipped: readonly { readonly file: string; readonly diagnostics: readonly string[] }[]
  readonly try: readonly string[]
}

/** `imnot start` on a free port, once it listens. */
export async function startBin(
  cwd: string,
  args: readonly string[] = [],
  options: BinOptions = {},
): Promise<Bin & { readonly announced: Announced; readonly url: string }> {
  const started = spawnBin(cwd, ['start', '--port', '0', '--json', ...args], options)
  await started.said('}\n')
  const announced = JSON.parse(started.out()) as Announced
  return { ...started, announced, url: announced.url }
}
