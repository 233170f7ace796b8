import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { crowd } from './definitions.ts'
import { temporaryFolder } from './temporary-folder.ts'

export interface StartUp {
  readonly title: string
  readonly milliseconds: number
  /** Resident memory once it has been idle for two seconds. */
  readonly mebibytes: number | null
}

/** From the command to the first answer, in milliseconds: the median of several starts. */
export async function measureStart(partners: number, starts: number): Promise<StartUp> {
  const folder = temporaryFolder()
  crowd(partners * 10).forEach((text, index) => {
    mkdirSync(join(folder, 'partners', `p${index}`), { recursive: true })
    writeFileSync(join(folder, 'partners', `p${index}`, 'partner.yaml'), text)
  })
  const times: number[] = []
  let mebibytes: number | null = null
  for (let start = 0; start < starts; start++) {
    const begin = performance.now()
    const { child, url } = await startCommand(folder)
    await fetch(new URL('/healthz', url))
    times.push(performance.now() - begin)
    if (start === starts - 1) mebibytes = await residentMemory(child)
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  return { title: `imnot start, ${partners} partners of 10 routes`, milliseconds: median(times), mebibytes }
}

/** What Node itself takes to start and end, in milliseconds: the median of several. */
export function measureBareNode(starts: number): number {
  const times = Array.from({ length: starts }, () => {
    const begin = performance.now()
    spawnSync(process.execPath, ['-e', '0'])
    return performance.now() - begin
  })
  return median(times)
}

async function startCommand(folder: string): Promise<{ child: ChildProcess; url: string }> {
  const manifest = createRequire(import.meta.url).resolve('@imnot/cli/package.json')
  const command = join(dirname(manifest), 'bin', 'imnot.js')
  const child = spawn(process.execPath, [command, 'start', '--port', '0'], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  for await (const line of createInterface({ input: child.stdout })) {
    const url = /http:\/\/[\w.]+:\d+/.exec(line)?.[0]
    if (url === undefined) continue
    child.stdout.resume()
    return { child, url }
  }
  throw new Error('imnot start ended without saying where it listens.')
}

async function residentMemory(child: ChildProcess): Promise<number | null> {
  await sleep(2000)
  try {
    const kibibytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? null : Number(kibibytes) / 1024
  } catch {
    // Only Linux tells it there.
    return null
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? (sorted[middle] ?? 0) : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}
