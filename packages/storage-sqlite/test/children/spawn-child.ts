import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

export interface Child {
  readonly process: ChildProcess
  /** Each line that the child printed so far. */
  readonly lines: readonly string[]
  /** Resolves when so many lines have been printed. */
  printed(count: number): Promise<void>
  /** Resolves with the exit code, or the signal that ended it. */
  readonly ended: Promise<number | string | null>
}

/** Runs a program of this folder from its source in a process of its own, which does not outlive the test. */
export function spawnChild(program: string, ...args: string[]): Child {
  const file = fileURLToPath(new URL(program, import.meta.url))
  const child = spawn(process.execPath, ['-C', 'imnot-source', '--import', 'tsx', file, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = once(child, 'close').then(([code, signal]) => (code ?? signal) as number | string | null)
  onTestFinished(async () => {
    child.kill('SIGKILL')
    await ended
  })

  const lines: string[] = []
  const reader = createInterface({ input: child.stdout })
  reader.on('line', (line) => lines.push(line))
  return {
    process: child,
    lines,
    ended,
    async printed(count) {
      const deadline = AbortSignal.timeout(15_000)
      while (lines.length < count) await once(reader, 'line', { signal: deadline })
    },
  }
}
