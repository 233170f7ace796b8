import { readFile, rm } from 'node:fs/promises'
import { writeBeside } from '../files/write-beside.ts'
import { json } from '../output/json.ts'
import { isRunningImnot } from './is-running-imnot.ts'

/** A server that says of itself that it runs. */
export interface ServerMark {
  readonly pid: number
  readonly url: string
  readonly started_at: string
}

/** The server that the file names, null without a file. `isRunning` is false for a file that a killed server left behind. */
export async function readPidFile(path: string): Promise<(ServerMark & { readonly isRunning: boolean }) | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (text === null) return null
  const { pid, url = '', started_at = '' } = readMark(text)
  return { pid, url, started_at, isRunning: await isRunningImnot(pid) }
}

/** False where another server that runs has its mark there. */
export async function writePidFile(path: string, mark: ServerMark): Promise<boolean> {
  const other = await readPidFile(path)
  if (other?.isRunning && other.pid !== mark.pid) return false
  await writeBeside(path, `${json(mark)}\n`)
  return true
}

/** Removes the mark of this process, and no other's. */
export async function removePidFile(path: string, pid: number): Promise<void> {
  const mark = await readPidFile(path)
  if (mark?.pid === pid) await rm(path, { force: true })
}

/** A file with nothing but the number counts as well. */
function readMark(text: string): Partial<ServerMark> & { readonly pid: number } {
  try {
    const value = JSON.parse(text) as number | (Partial<ServerMark> & { readonly pid: number }) | null
    if (typeof value === 'number') return { pid: value }
    if (typeof value?.pid === 'number') return value
  } catch {
    // A file that is none of imnot's names no server.
  }
  return { pid: 0 }
}
