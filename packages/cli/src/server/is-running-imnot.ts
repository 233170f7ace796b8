import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

/** What a server calls itself in the list of processes. */
export const processTitle = 'imnot start'

/** Whether a process of this id lives and is an imnot: ids are used again, and a stranger must not be stopped. */
export async function isRunningImnot(pid: number): Promise<boolean> {
  if (!Number.isSafeInteger(pid) || pid <= 0 || !isAlive(pid)) return false
  const command = await commandOf(pid)
  return command === null || /imnot.*start/s.test(command)
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // It lives, and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Null where the system does not tell. */
async function commandOf(pid: number): Promise<string | null> {
  try {
    return await readFile(`/proc/${pid}/cmdline`, 'utf8')
  } catch {
    const listed = await promisify(execFile)('ps', ['-p', String(pid), '-o', 'command=']).catch(() => null)
    return listed?.stdout ?? null
  }
}
