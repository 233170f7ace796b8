import { isBusy } from './sqlite-errors.ts'

export const PATIENCE_MS = 2000
const LONGEST_PAUSE_MS = 25

/**
 * Tries again while another connection holds the lock, for about two seconds, then throws SQLite's own error. SQLite could
 * wait by itself (`busy_timeout`), but it would block the event loop meanwhile.
 */
export async function retryWhileBusy<T>(attempt: () => T, patienceMs = PATIENCE_MS): Promise<T> {
  let deadline: number | undefined
  for (let failures = 0; ; failures++) {
    try {
      return attempt()
    } catch (error) {
      deadline ??= performance.now() + patienceMs
      if (!isBusy(error) || performance.now() >= deadline) throw error
    }
    await new Promise<void>((resolve) => afterPause(failures, resolve))
  }
}

/** Calls back after a pause that grows with the failures, and is random so that two processes do not meet again and again. */
export function afterPause(failures: number, callback: () => void): void {
  // Most locks are held for less than a millisecond, the shortest that a timer can wait.
  if (failures === 0) setImmediate(callback)
  else setTimeout(callback, 1 + Math.random() * Math.min(LONGEST_PAUSE_MS, 2 ** failures))
}
